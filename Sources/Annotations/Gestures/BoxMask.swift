public import Imaging

/// Pixels within a box, as gestures and answers hold them.
///
/// The JSON form is `{"box": [y0, x0, y1, x1], "runs": [n0, n1, …]}`: run lengths row by row within the box,
/// alternating between outside and inside, beginning with outside (which may be 0). They add up to the area of
/// the box.
public struct BoxMask: Hashable, Sendable {
    /// The largest coordinate of a box.
    static let coordinateLimit = 1 << 24

    /// The box, in pixels of the image.
    public let box: Region

    /// The run lengths.
    public let runs: [Int]

    /// Takes run lengths from elsewhere.
    ///
    /// - Throws: ``ProjectError/badGesture(_:)`` if the box is empty or begins above or left of the image, or
    ///   if the runs do not fill it.
    public init(box: Region, runs: [Int]) throws(ProjectError) {
        if let defect = Self.defect(box, runs) { throw .badGesture(defect) }
        (self.box, self.runs) = (box, runs)
    }

    /// The smallest box around a mask; nil for an empty one.
    public init?(_ mask: RunLengthMask) {
        guard let box = mask.boundingBox else { return nil }
        self.init(PixelSet(mask), box: box)
    }

    /// All pixels of a box that lies inside the image.
    ///
    /// - Throws: ``ProjectError/badGesture(_:)`` if the box is empty.
    public init(filling box: Region) throws(ProjectError) {
        try self.init(box: box, runs: [0, box.width * box.height])
    }

    /// The mask in an image.
    ///
    /// - Throws: `ImagingError.regionOutside` if it reaches outside.
    public func mask(in size: Size) throws(ImagingError) -> RunLengthMask {
        guard box.isInside(size) else { throw .regionOutside(box, size) }
        return RunLengthMask(pixels: pixels, size: size)
    }

    /// Number of pixels.
    public var area: Int {
        stride(from: 1, to: runs.count, by: 2).reduce(0) { $0 + runs[$1] }
    }

    /// The runs of the pixels, which lie inside of the box.
    init(_ pixels: PixelSet, box: Region) {
        var runs: [Int] = []
        var position = 0
        for run in pixels.runs {
            let start = (run.y - box.y) * box.width + run.start - box.x
            if start == position, !runs.isEmpty {
                runs[runs.count - 1] += run.count
            } else {
                runs += [start - position, run.count]
            }
            position = start + run.count
        }
        if position < box.size.count { runs.append(box.size.count - position) }
        (self.box, self.runs) = (box, runs)
    }

    private static func defect(_ box: Region, _ runs: [Int]) -> String? {
        guard box.width > 0, box.height > 0, box.x >= 0, box.y >= 0,
            box.endX <= coordinateLimit, box.endY <= coordinateLimit
        else { return "the box of a mask must have pixels and lie inside the image" }
        var rest = box.size.count
        for run in runs {
            guard run >= 0, run <= rest else { return "the runs of a mask do not fit its box" }
            rest -= run
        }
        return rest == 0 ? nil : "the runs of a mask do not fill its box"
    }
}

extension BoxMask: Codable {
    private enum Key: String, CodingKey {
        case box, runs
    }

    /// Reads the JSON form, and refuses what could not be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let edges = try values.decode([Int].self, forKey: .box)
        let runs = try values.decode([Int].self, forKey: .runs)
        let limit = 0...Self.coordinateLimit
        guard edges.count == 4, edges.allSatisfy(limit.contains) else {
            throw DecodingError.dataCorruptedError(
                forKey: .box,
                in: values,
                debugDescription: "a box is [y0, x0, y1, x1] inside the image"
            )
        }
        let box = Region(
            x: edges[1],
            y: edges[0],
            width: edges[3] - edges[1],
            height: edges[2] - edges[0]
        )
        do {
            try self.init(box: box, runs: runs)
        } catch {
            throw DecodingError.dataCorruptedError(
                forKey: .runs,
                in: values,
                debugDescription: error.problem
            )
        }
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode([box.y, box.x, box.endY, box.endX], forKey: .box)
        try values.encode(runs, forKey: .runs)
    }
}
