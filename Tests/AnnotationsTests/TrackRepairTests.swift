import Annotations
import Foundation
import Imaging
import Testing
import Tracking

/// A simulated user repairs movies with errors of the usual kinds.
@Suite("Repair of tracks")
struct TrackRepairTests {
    /// One movie by default; more with the slow tests.
    static let seeds: ClosedRange<UInt64> =
        1...(ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] == nil ? 1 : 8)

    @Test("20 seeded errors are repaired with two gestures each at most", arguments: seeds)
    func repair(seed: UInt64) throws {
        var movie = try FaultyMovie(seed: seed)
        for kind in FaultyMovie.Fault.allCases { try movie.add(kind, count: 5) }
        let test = try TestProject(
            ImageShape(t: movie.frames.count, y: movie.size.height, x: movie.size.width)
        )
        try test.apply(.importLabels(movie.objects))
        var user = RepairingUser(test: test, truth: movie.truth, mothers: movie.mothers)
        try user.repair()
        #expect(try user.problems() == [])
        let perFault = Double(user.gestures) / Double(movie.faults)
        #expect(movie.faults == 20 && perFault <= 2, "\(user.gestures) gestures")
        print("repair of seed \(seed): \(user.gestures) gestures for \(movie.faults) errors")
        #expect(try test.project.check() == [])
        #expect(try test.project.replay(test.image).isEqual)
        while try test.project.current(image: test.image) > 1 {
            try test.project.undo(image: test.image, client: test.client)
        }
        for (t, frame) in movie.frames.enumerated() {
            #expect(try test.project.labelImage(image: test.image, t: t) == frame)
        }
    }
}

/// A simulated movie whose labels and mothers are made wrong.
struct FaultyMovie {
    enum Fault: CaseIterable {
        /// Two objects are one in one frame.
        case merged
        /// An object is missing in one frame.
        case missed
        /// Two tracks are exchanged from a frame on.
        case swapped
        /// A track ends, and what follows is a daughter of another one.
        case falseDivision
    }

    let truth: [LabelImage]
    let mothers: [UInt32: UInt32]
    var frames: [LabelImage]
    private var parents: [UInt32: UInt32]
    private let pixels: [[UInt32: [Int]]]
    private(set) var faults = 0
    private var random: SplitMix64
    /// Tracks with their faults, which are kept apart so that each is one to repair.
    private var taken: [(label: UInt32, t: Int)] = []
    private var next: UInt32

    var size: Size { truth[0].size }

    init(seed: UInt64) throws {
        let look = NucleiSimulator(size: Size(width: 320, height: 300), seed: seed)
        var simulator = MovieSimulator(look, frameCount: 24)
        simulator.cycle = 30
        let movie = try simulator.simulate()
        truth = movie.frames.map(\.labels)
        frames = truth
        pixels = truth.map(\.pixels)
        let seen = Set(pixels.flatMap(\.keys))
        // A mother of a daughter that is never seen goes on.
        mothers = movie.parents.filter { seen.contains($0.key) && seen.contains($0.value) }
        parents = mothers
        random = SplitMix64(seed: seed)
        next = (seen.max() ?? 0) + 1
    }

    /// The objects as they are imported.
    var objects: [NewObject] {
        frames.enumerated().flatMap { t, labels in
            NewObject.all(in: labels, source: .imported, t: t).map { object in
                var object = object
                object.parent = object.label.flatMap { parents[$0] }
                return object
            }
        }
    }

    mutating func add(_ fault: Fault, count: Int) throws {
        let wanted = faults + count
        for _ in 0..<10_000 where faults < wanted {
            let t = Int.random(in: 4..<frames.count - 4, using: &random)
            let objects = try frames[t].measurements().filter { isSteady($0.label, t) }
            guard let one = objects.randomElement(using: &random) else { continue }
            let others = objects.filter {
                $0.label != one.label && distance($0, one) < 45
            }
            guard let other = others.min(by: { distance($0, one) < distance($1, one) }) else {
                continue
            }
            try add(fault, one, other, t)
            taken += [(one.label, t), (other.label, t)]
            faults += 1
        }
    }

    private mutating func add(
        _ fault: Fault,
        _ one: ObjectMeasurement,
        _ other: ObjectMeasurement,
        _ t: Int
    ) throws {
        switch fault {
        case .merged:
            frames[t].replace(other.label, with: one.label)
            frames[t].bridge(one.centroid, other.centroid, label: one.label)
        case .missed: frames[t].replace(one.label, with: 0)
        case .swapped:
            for frame in t..<frames.count { frames[frame].exchange(one.label, other.label) }
        case .falseDivision:
            let (goes, comes) = (next, next + 1)
            next += 2
            for frame in t..<frames.count {
                frames[frame].replace(one.label, with: goes)
                frames[frame].replace(other.label, with: comes)
            }
            for (child, mother) in parents where mother == one.label { parents[child] = goes }
            for (child, mother) in parents where mother == other.label { parents[child] = comes }
            (parents[goes], parents[comes]) = (one.label, one.label)
        }
        if fault == .swapped {
            for (child, mother) in parents {
                if mother == one.label { parents[child] = other.label }
                if mother == other.label { parents[child] = one.label }
            }
        }
    }

    /// Whether an object is there as it is in truth for some frames, and far from other faults.
    private func isSteady(_ label: UInt32, _ t: Int) -> Bool {
        let isFar = taken.allSatisfy { $0.label != label || abs($0.t - t) > 4 }
        return isFar
            && (t - 3...t + 3).allSatisfy { frame in
                let places = pixels[frame][label] ?? []
                return places.count > 60
                    && places.allSatisfy { frames[frame].labels[$0] == label }
            }
    }

    private func distance(_ one: ObjectMeasurement, _ other: ObjectMeasurement) -> Double {
        let (x, y) = (one.centroid.x - other.centroid.x, one.centroid.y - other.centroid.y)
        return (x * x + y * y).squareRoot()
    }
}

extension LabelImage {
    /// The pixels of each object.
    var pixels: [UInt32: [Int]] {
        var result: [UInt32: [Int]] = [:]
        for (pixel, label) in labels.enumerated() where label != 0 {
            result[label, default: []].append(pixel)
        }
        return result
    }

    fileprivate mutating func replace(_ label: UInt32, with other: UInt32) {
        for pixel in labels.indices where labels[pixel] == label { labels[pixel] = other }
    }

    fileprivate mutating func exchange(_ one: UInt32, _ other: UInt32) {
        for pixel in labels.indices {
            if labels[pixel] == one {
                labels[pixel] = other
            } else if labels[pixel] == other {
                labels[pixel] = one
            }
        }
    }

    /// Fills the background along a line, three pixels wide.
    fileprivate mutating func bridge(
        _ from: Point<OriginalPixels>,
        _ to: Point<OriginalPixels>,
        label: UInt32
    ) {
        for step in 0...200 {
            let share = Double(step) / 200
            let x = Int((from.x + share * (to.x - from.x)).rounded())
            let y = Int((from.y + share * (to.y - from.y)).rounded())
            for dy in -1...1 {
                for dx in -1...1 where (0..<size.width).contains(x + dx) {
                    guard (0..<size.height).contains(y + dy), self[x: x + dx, y: y + dy] == 0 else {
                        continue
                    }
                    self[x: x + dx, y: y + dy] = label
                }
            }
        }
    }
}
