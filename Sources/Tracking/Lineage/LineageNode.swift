public import Imaging

/// One object in one frame, as a node of a lineage.
public struct LineageNode: Hashable, Codable, Sendable {
    /// Names a node for good: it never names another one, also after the node is deleted.
    public struct ID: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
        /// The number of the node, from 0.
        public let number: Int

        /// The name of the node with this number.
        public init(_ number: Int) { self.number = number }

        /// Reads a plain number.
        public init(from decoder: any Decoder) throws {
            number = try decoder.singleValueContainer().decode(Int.self)
        }

        /// Writes a plain number.
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(number)
        }

        /// In the order of the numbers.
        public static func < (one: ID, other: ID) -> Bool { one.number < other.number }

        /// The number, for messages.
        public var description: String { "\(number)" }
    }

    /// Its name.
    public var id: ID

    /// The frame, counted from 0.
    public var frame: Int

    /// The label of the object in the label image of its frame; not 0.
    public var label: UInt32

    /// Mean position of its pixels; the centre of the first pixel of the image is (0, 0).
    public var centroid: Point<OriginalPixels>

    /// Number of pixels.
    public var area: Int

    /// The smallest rectangle around all pixels.
    public var box: Region

    /// Describes an object of a frame.
    public init(
        id: ID,
        frame: Int,
        label: UInt32,
        centroid: Point<OriginalPixels>,
        area: Int,
        box: Region
    ) {
        (self.id, self.frame, self.label) = (id, frame, label)
        (self.centroid, self.area, self.box) = (centroid, area, box)
    }

    /// Describes an object that was measured.
    public init(id: ID, frame: Int, _ object: ObjectMeasurement) {
        self.init(
            id: id,
            frame: frame,
            label: object.label,
            centroid: object.centroid,
            area: object.area,
            box: object.box
        )
    }
}

extension LineageNode {
    /// Numbers beyond this are in no movie, and sums of them would not fit.
    static let largestNumber = 1 << 40

    /// Throws if the description makes no sense by itself.
    func check() throws(LineageError) {
        guard label != 0 else { throw .invalidNode(id, "its label is 0, the background") }
        let limit = Self.largestNumber
        guard (0...limit).contains(frame) else { throw .invalidNode(id, "its frame is \(frame)") }
        guard (0...limit).contains(area) else { throw .invalidNode(id, "its area is \(area)") }
        guard centroid.x.isFinite, centroid.y.isFinite else {
            throw .invalidNode(id, "its centroid is not finite")
        }
        let numbers = [box.x, box.y, box.width, box.height]
        guard box.width >= 0, box.height >= 0, numbers.allSatisfy({ abs($0) <= limit }) else {
            throw .invalidNode(id, "its box is \(numbers)")
        }
    }
}
