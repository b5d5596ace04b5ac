import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import Tracking

/// Whether links with a close second are those that are wrong: true masks, linked, against true links.
///
/// The figures in `docs/tracking-linkers.md` are printed with `MICROSAM_SLOW_TESTS` set.
@Suite("Links with a close second are often wrong")
struct CloseSecondTests {
    private static let isThorough =
        ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

    /// Label images, and the mothers of labels.
    private struct Truth {
        var frames: [LabelImage]
        var parents: [UInt32: UInt32]

        /// Every so many frames.
        func thinned(_ step: Int) -> Truth {
            let kept = stride(from: 0, to: frames.count, by: step).map { frames[$0] }
            return Truth(frames: kept, parents: parents)
        }

        /// The true links between positions of objects, which count by frame and label.
        var links: Set<Link> {
            var last: [UInt32: Int] = [:]
            var links: Set<Link> = []
            var position = 0
            for frame in frames {
                var now: [UInt32: Int] = [:]
                for label in frame.objectLabels() {
                    var before: UInt32? = label
                    // A mother that no frame shows passes her own mother on.
                    while let known = before, last[known] == nil { before = parents[known] }
                    if let before, let source = last[before] {
                        links.insert(Link(from: source, to: position))
                    }
                    now[label] = position
                    position += 1
                }
                last.merge(now) { $1 }
            }
            return links
        }
    }

    /// A link that was made: whether it is wrong, and how much better it is than the best other one; infinite without another one.
    private struct Judged {
        var isWrong: Bool
        var margin: Double
    }

    private func judged(_ truth: Truth) throws -> [Judged] {
        var linker = try Linker(Linker.Options())
        var scores = LinkScores(margin: 1000)
        var (detections, links): ([Detection], [Link]) = ([], [])
        for frame in truth.frames {
            let linked = try linker.add(frame)
            detections += linked.detections
            links += linked.links
            scores.add(linked.candidates)
        }
        links += linker.finish()
        let graph = try LineageGraph(detections, links: links)
        let places = graph.suspicions(SuspicionLimits(), scores).filter { $0.kind == .closeSecond }
        let margins = Dictionary(
            places.map { ($0.node.number, scores.margin * (2 - $0.excess)) },
            uniquingKeysWith: { one, _ in one }
        )
        let expected = truth.links
        return links.map {
            Judged(isWrong: !expected.contains($0), margin: margins[$0.target] ?? .infinity)
        }
    }

    /// A line: links, wrong ones, and for several margins the listed ones, and the wrong among them.
    private func line(_ name: String, _ links: [Judged]) -> String {
        let margins = [0.5, 1, 2, 3, 4, 5].map { margin in
            let listed = links.filter { $0.margin < margin }
            return "\(margin): \(listed.count)/\(listed.count(where: \.isWrong))"
        }
        let wrong = links.filter(\.isWrong)
        let silent = wrong.count { $0.margin == .infinity }
        return "\(name): \(links.count) links, \(wrong.count) wrong (\(silent) without another); "
            + margins.joined(separator: ", ")
    }

    private func simulated(_ speed: Double, coverage: Double, seed: UInt64, frames: Int = 20) throws
        -> Truth
    {
        var nuclei = NucleiSimulator(size: Size(width: 384, height: 384), seed: seed)
        nuclei.coverage = coverage
        var simulator = MovieSimulator(nuclei, frameCount: frames)
        simulator.speed = speed
        let movie = try simulator.simulate()
        return Truth(frames: movie.frames.map(\.labels), parents: movie.parents)
    }

    @Test("In a movie of fast nuclei, a listed link is wrong much more often than another one")
    func fast() throws {
        let links = try judged(simulated(9, coverage: 0.3, seed: 3, frames: 8))
        let listed = links.filter { $0.margin < Linker.clearMargin }
        let others = links.filter { $0.margin >= Linker.clearMargin }
        func share(_ links: [Judged]) -> Double {
            Double(links.count(where: \.isWrong)) / Double(max(links.count, 1))
        }
        print(line("fast", links))
        #expect(!listed.isEmpty && share(listed) > 4 * share(others))
    }

    @Test("Simulated nuclei, slow to fast, sparse and dense", .enabled(if: isThorough))
    func nuclei() throws {
        for (name, speeds) in [("slow", [2.0, 4]), ("medium", [6, 9]), ("fast", [12, 16])] {
            var links: [Judged] = []
            for speed in speeds {
                for coverage in [0.18, 0.35] {
                    for seed in UInt64(1)...2 {
                        links += try judged(simulated(speed, coverage: coverage, seed: seed))
                    }
                }
            }
            print(line("\(name) nuclei", links))
            let hasWrong = links.contains { $0.isWrong }
            #expect(hasWrong)
        }
    }

    @Test("In a dense movie of fast nuclei, no object comes from two")
    func oneParent() throws {
        let truth = try simulated(16, coverage: 0.35, seed: 1, frames: 16)
        let links = try Linker.link(truth.frames).links
        #expect(Set(links.map(\.target)).count == links.count)
    }

    @Test(
        "Growing bacteria, every frame to every fourth",
        .enabled(if: isThorough && Fixtures.areAvailable)
    )
    func bacteria() throws {
        let folder = Fixtures.dataFolder.appendingPathComponent("bacteria_tracking/labels")
        let frames = try (0..<32).map { frame in
            let name = String(format: "man_track%03d.tif", frame)
            return try ImageSource(opening: folder.appendingPathComponent(name)).readLabels()
        }
        let table = try String(
            contentsOf: folder.appendingPathComponent("man_track.txt"),
            encoding: .utf8
        )
        var parents: [UInt32: UInt32] = [:]
        for row in table.split(separator: "\n").map({
            $0.split(separator: " ").compactMap { UInt32($0) }
        })
        where row[3] != 0 {
            parents[row[0]] = row[3]
        }
        let truth = Truth(frames: frames, parents: parents)
        for step in 1...4 {
            print(line("bacteria, every \(step).", try judged(truth.thinned(step))))
        }
    }
}
