import Annotations
import Foundation
import Imaging
import Tracking

/// A user who knows the true tracks, and repairs those of a project with as few gestures as come to mind.
struct RepairingUser {
    /// A link between true objects.
    struct TrueLink: Hashable {
        let from: TrackNode
        let to: TrackNode
    }

    let test: TestProject
    private let pixels: [[UInt32: [Int]]]
    private let size: Size
    private let links: [TrueLink]

    /// How many gestures it took.
    private(set) var gestures = 0

    init(test: TestProject, truth: [LabelImage], mothers: [UInt32: UInt32]) {
        self.test = test
        size = truth[0].size
        pixels = truth.map(\.pixels)
        var lasts: [UInt32: TrackNode] = [:]
        var links: [TrueLink] = []
        for (t, objects) in pixels.enumerated() {
            for label in objects.keys.sorted() {
                let node = TrackNode(t: t, label: label)
                let before = lasts[label] ?? mothers[label].flatMap { lasts[$0] }
                if let before, before.t < t { links.append(TrueLink(from: before, to: node)) }
                lasts[label] = node
            }
        }
        self.links = links
    }

    mutating func repair() throws {
        try repairObjects()
        while gestures < 60, let edit = try nextEdit() { try perform(.track(edit), t: 0) }
    }

    private mutating func perform(_ action: Gesture.Action, t: Int) throws {
        try test.apply(action, t: t)
        gestures += 1
    }

    // MARK: - What is there

    /// The label in the project of each true object; 0 where it is missing.
    private func owners(_ t: Int) throws -> [UInt32: UInt32] {
        let labels = try test.project.labelImage(image: test.image, t: t)
        return pixels[t].mapValues { places in
            var counts: [UInt32: Int] = [:]
            for place in places { counts[labels.labels[place], default: 0] += 1 }
            return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
        }
    }

    private func allOwners() throws -> [TrackNode: UInt32] {
        var result: [TrackNode: UInt32] = [:]
        for t in pixels.indices {
            for (label, owner) in try owners(t) { result[TrackNode(t: t, label: label)] = owner }
        }
        return result
    }

    /// What is still wrong, in words.
    func problems() throws -> [String] {
        let (missing, extra) = try faults()
        let owners = try allOwners()
        let lost = owners.filter { $0.value == 0 }.keys.sorted()
        let shared = Dictionary(grouping: owners) { TrackNode(t: $0.key.t, label: $0.value) }
            .filter { $0.value.count > 1 && $0.key.label != 0 }.keys.sorted()
        return lost.map { "no object \($0)" } + shared.map { "merged \($0)" }
            + missing.map { "no link \($0)" } + extra.map { "false link to \($0)" }
    }

    /// True links that the project lacks, and links that it should not have, by the objects of the project.
    private func faults() throws -> (missing: [TrueLink], extra: [TrackNode]) {
        let graph = try test.project.lineage(image: test.image)
        let owners = try allOwners()
        func node(_ object: TrackNode) -> LineageNode? {
            graph.node(frame: object.t, label: owners[object] ?? 0)
        }
        let missing = links.filter { link in
            guard let from = node(link.from), let to = node(link.to) else { return true }
            return graph.parent(of: to.id) != from.id
        }
        var expected: [LineageNode.ID: LineageNode.ID] = [:]
        for link in links {
            if let from = node(link.from), let to = node(link.to) { expected[to.id] = from.id }
        }
        let extra = graph.links.filter { expected[$0.child] != $0.parent }
            .compactMap { graph[$0.child] }.map { TrackNode(t: $0.frame, label: $0.label) }
        return (missing, extra)
    }

    // MARK: - Objects

    private mutating func repairObjects() throws {
        for t in pixels.indices {
            for (label, owner) in try owners(t).sorted(by: { $0.key < $1.key }) where owner == 0 {
                try add(label, t)
            }
            let shared = Dictionary(grouping: try owners(t)) { $0.value }
                .filter { $0.value.count > 1 }
            for (owner, objects) in shared.sorted(by: { $0.key < $1.key }) {
                let line = bisector(t, objects[0].key, objects[1].key)
                let node = TrackNode(t: t, label: owner)
                try perform(.track(.split(node, line: line, width: 0, .window(2))), t: t)
            }
        }
    }

    /// Continues the track of an object that is missing in a frame.
    private mutating func add(_ label: UInt32, _ t: Int) throws {
        let set = Set(pixels[t][label] ?? [])
        let region = Region(x: 0, y: 0, width: size.width, height: size.height)
        var runs = [0]
        for pixel in 0..<size.count {
            if set.contains(pixel) != (runs.count % 2 == 0) { runs.append(0) }
            runs[runs.count - 1] += 1
        }
        let object = NewObject(mask: try BoxMask(box: region, runs: runs))
        let before = try owners(t - 1)[label] ?? 0
        try perform(.commit(object, replacing: before == 0 ? nil : before), t: t)
    }

    /// A line between two objects.
    private func bisector(
        _ t: Int,
        _ one: UInt32,
        _ other: UInt32
    ) -> [Point<OriginalPixels>] {
        func middle(_ label: UInt32) -> (x: Double, y: Double) {
            let places = pixels[t][label] ?? []
            let sums = places.reduce((0, 0)) {
                ($0.0 + $1 % size.width, $0.1 + $1 / size.width)
            }
            let count = Double(max(places.count, 1))
            return (Double(sums.0) / count, Double(sums.1) / count)
        }
        let (a, b) = (middle(one), middle(other))
        let (x, y) = ((a.x + b.x) / 2, (a.y + b.y) / 2)
        let length = ((b.x - a.x) * (b.x - a.x) + (b.y - a.y) * (b.y - a.y)).squareRoot()
        let (dx, dy) = ((b.y - a.y) / length * 80, (a.x - b.x) / length * 80)
        return [Point(x: x - dx, y: y - dy), Point(x: x + dx, y: y + dy)]
    }

    // MARK: - Links

    /// What is done next; nil if nothing is wrong.
    private func nextEdit() throws -> TrackEdit? {
        let owners = try allOwners()
        let graph = try test.project.lineage(image: test.image)
        let (missing, extra) = try faults()
        func node(_ object: TrackNode) -> TrackNode {
            TrackNode(t: object.t, label: owners[object] ?? 0)
        }
        func comes(_ from: TrackNode, _ to: TrackNode) -> Bool {
            guard let one = graph.node(frame: from.t, label: from.label),
                let other = graph.node(frame: to.t, label: to.label)
            else { return false }
            return graph.parent(of: other.id) == one.id
        }
        for (index, link) in missing.enumerated() {
            for other in missing[(index + 1)...] where other.to.t == link.to.t {
                let isCrossed =
                    comes(node(link.from), node(other.to)) && comes(node(other.from), node(link.to))
                if isCrossed { return .swap(node(link.to), node(other.to)) }
            }
        }
        if let link = missing.first { return .connect(node(link.from), node(link.to)) }
        return extra.first.map { .break($0) }
    }
}
