public import Annotations
public import Foundation
public import Imaging
import Prompting

/// What a user might do next, by chance: gestures that fit the objects that are there.
public struct RandomGestures: Sendable {
    /// A request of a client.
    public enum Request: Hashable, Codable, Sendable {
        /// A gesture.
        case gesture(Gesture)
        /// An undo.
        case undo(key: UUID, client: UUID)
        /// A redo.
        case redo(key: UUID, client: UUID)

        /// By what it is recognised when it is sent again.
        public var key: UUID {
            switch self {
            case .gesture(let gesture): gesture.key
            case .undo(let key, _), .redo(let key, _): key
            }
        }

        /// Sends it to a project.
        public func send(to project: Project, image: Int64) throws -> EditAnswer {
            switch self {
            case .gesture(let gesture): try project.apply(gesture, to: image)
            case .undo(let key, let client):
                try project.undo(image: image, key: key, client: client)
            case .redo(let key, let client):
                try project.redo(image: image, key: key, client: client)
            }
        }
    }

    private var generator: SplitMix64
    private let size: Size

    /// Gestures on a plane of a size; the same seed gives the same ones.
    public init(seed: UInt64, size: Size) {
        generator = SplitMix64(seed: seed)
        self.size = size
    }

    private mutating func random(_ range: Range<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    /// The next request.
    ///
    /// - Parameters:
    ///   - objects: Those that are there.
    ///   - base: The edit that the client knows.
    public mutating func next(
        _ objects: [AnnotatedObject],
        base: Int64?,
        client: UUID
    ) -> Request {
        switch random(0..<20) {
        case 0...2: return .undo(key: uuid(), client: client)
        case 3...4: return .redo(key: uuid(), client: client)
        default:
            let action = action(objects)
            return .gesture(Gesture(action, key: uuid(), client: client, base: base))
        }
    }

    /// A key by chance.
    public mutating func uuid() -> UUID {
        var bytes = (0..<16).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        bytes[6] = bytes[6] & 15 | 64
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        let text = [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
            .map { digits[$0].joined() }.joined(separator: "-")
        return UUID(uuidString: text) ?? UUID()
    }

    private mutating func rule() -> OverlapRule {
        OverlapRule.allCases[random(0..<3)]
    }

    private mutating func object() -> NewObject {
        var object = NewObject(mask: mask(largest: 70))
        if random(0..<2) == 0 {
            object.prompts = [.point(Point(x: Double(random(0..<99)), y: 3))]
            object.score = Double(random(0..<100)) / 100
            object.model = "random"
        }
        return object
    }

    /// An action that fits; without objects one that makes some.
    private mutating func action(_ objects: [AnnotatedObject]) -> Gesture.Action {
        guard !objects.isEmpty, random(0..<10) > 1 else {
            switch random(0..<4) {
            case 0: return .paint(label: 0, mask(largest: 40), rule())
            case 1: return .commitMany((0..<random(2..<5)).map { _ in object() }, rule())
            default: return .commit(object(), replacing: nil, rule())
            }
        }
        let (label, box) = { ($0.label, $0.box) }(objects[random(0..<objects.count)])
        let other = objects[random(0..<objects.count)].label
        func position(_ range: Range<Int>) -> Double { Double(random(range)) }
        switch random(0..<16) {
        case 0: return .commit(object(), replacing: label, rule())
        case 1:
            return random(0..<2) == 0
                ? .accept([object(), object()], rule())
                : .commitVolume([object()], replacing: label, rule())
        case 2...4: return .paint(label: label, mask(largest: 30), rule())
        case 5: return .erase(hole(box), label: label)
        case 6: return .erase(mask(largest: 30), label: nil)
        case 7:
            return .fill(
                label: label,
                y: random(box.y..<box.endY),
                x: random(box.x..<box.endX)
            )
        case 8: return .fillHoles([label])
        case 9: return .smooth([label], radius: random(1..<6))
        case 10:
            let line = [
                Point<OriginalPixels>(x: position(0..<size.width), y: position(0..<size.height)),
                Point(x: position(box.x..<box.endX), y: position(box.y..<box.endY)),
                Point(x: position(0..<size.width), y: position(0..<size.height)),
            ]
            return .split(label, line: line, width: position(0..<4))
        case 11: return label == other ? .delete([label]) : .merge([label, other])
        case 12: return .delete(Array(Set([label, other])).sorted())
        case 13: return .relabel(from: label, to: UInt32(random(1..<300)))
        case 14: return words(label)
        default: return .setStatus(ImageStatus.allCases[random(0..<4)])
        }
    }

    private mutating func words(_ label: UInt32) -> Gesture.Action {
        switch random(0..<4) {
        case 0: .setClass([label], ["cell", "nucleus", nil][random(0..<3)])
        case 1: .setName(label, "object \(random(0..<9))")
        case 2: .setFlags([label], .init(locked: random(0..<3) == 0))
        default: .setFlags([label], .init(accepted: true, doubtful: random(0..<2) == 0))
        }
    }

    /// A small box inside of another one.
    private mutating func hole(_ box: Region) -> BoxMask {
        let (height, width) = (
            random(1..<min(box.height, 9) + 1), random(1..<min(box.width, 9) + 1)
        )
        return filled(
            Region(
                x: box.x + random(0..<box.width - width + 1),
                y: box.y + random(0..<box.height - height + 1),
                width: width,
                height: height
            )
        )
    }

    /// A speckled ellipse, or a ring, within a box that lies in the plane.
    public mutating func mask(largest: Int) -> BoxMask {
        let height = random(1..<min(largest, size.height) + 1)
        let width = random(1..<min(largest, size.width) + 1)
        let region = Region(
            x: random(0..<size.width - width + 1),
            y: random(0..<size.height - height + 1),
            width: width,
            height: height
        )
        let (isRing, isSpeckled) = (random(0..<3) == 0, random(0..<6) == 0)
        var runs = [0]
        var isInside = false
        for y in 0..<height {
            for x in 0..<width {
                let dy = (Double(y) + 0.5) / Double(height) * 2 - 1
                let dx = (Double(x) + 0.5) / Double(width) * 2 - 1
                let radius = dy * dy + dx * dx
                var isSet = radius <= 1 && !(isRing && radius < 0.4)
                if isSpeckled { isSet = isSet && generator.next() % 3 != 0 }
                if isSet != isInside {
                    runs.append(0)
                    isInside = isSet
                }
                runs[runs.count - 1] += 1
            }
        }
        // The runs fill the box by construction.
        return (try? BoxMask(box: region, runs: runs)) ?? filled(region)
    }

    private func filled(_ region: Region) -> BoxMask {
        guard let mask = try? BoxMask(filling: region) else { preconditionFailure("a box") }
        return mask
    }
}
