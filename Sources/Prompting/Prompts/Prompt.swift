public import Imaging

/// Whether a prompt marks the object or what does not belong to it.
public enum PromptLabel: String, Hashable, Codable, Sendable, CaseIterable {
    /// The object is here.
    case positive
    /// The object is not here.
    case negative
}

/// One hint that a person, or another program, gives about an object.
///
/// Points, outlines and scribbles are positions of pixels: (0, 0) is the middle of the first pixel, as
/// in napari. Boxes are given by their edges: the box around the pixels 3...7 goes from 3 to 8.
public enum Prompt: Hashable, Sendable {
    /// A place inside or outside of the object.
    case point(Point<OriginalPixels>, PromptLabel = .positive)

    /// A box around the object.
    ///
    /// `margin` enlarges it, as ``PromptOptions/boxExtension``, which it replaces for this box.
    case box(Box<OriginalPixels>, margin: Double? = nil)

    /// A rectangle drawn around the object; used like a box.
    case rectangle(Box<OriginalPixels>)

    /// The ellipse inside a rectangle: its box and its filled area.
    case ellipse(Box<OriginalPixels>)

    /// A closed outline of at least three corners: its box and its filled area.
    case polygon([Point<OriginalPixels>])

    /// A line along the object, or along what does not belong to it; becomes points.
    case scribble([Point<OriginalPixels>], PromptLabel = .positive)

    /// A mask of the size of the image, for example from another program or another slice.
    case mask(EncodedMask)
}

extension Prompt {
    /// The kinds of prompt, as files name them.
    public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
        /// A ``Prompt/point(_:_:)``.
        case point
        /// A ``Prompt/box(_:margin:)``.
        case box
        /// A ``Prompt/rectangle(_:)``.
        case rectangle
        /// A ``Prompt/ellipse(_:)``.
        case ellipse
        /// A ``Prompt/polygon(_:)``.
        case polygon
        /// A ``Prompt/scribble(_:_:)``.
        case scribble
        /// A ``Prompt/mask(_:)``.
        case mask
    }

    /// Which kind this is.
    public var kind: Kind {
        switch self {
        case .point: .point
        case .box: .box
        case .rectangle: .rectangle
        case .ellipse: .ellipse
        case .polygon: .polygon
        case .scribble: .scribble
        case .mask: .mask
        }
    }

    /// Whether it says where the object is not.
    public var isNegative: Bool {
        switch self {
        case .point(_, .negative), .scribble(_, .negative): true
        default: false
        }
    }

    /// The largest coordinate that a prompt may have, in pixels, to either side of zero.
    public static let coordinateLimit = 1e9

    /// The most corners of one polygon or scribble.
    public static let cornerLimit = 1_000_000

    /// What makes the prompt useless, `nil` if nothing does.
    ///
    /// Checked when prompts are read, and before they are used.
    public var defect: String? {
        switch self {
        case .point(let point, _):
            return Self.defect(of: [point])
        case .box(let box, let margin):
            if let margin, !(margin >= 0 && margin <= Self.coordinateLimit) {
                return "an extension of \(margin); it must be 0 or more"
            }
            return Self.defect(of: box)
        case .rectangle(let box), .ellipse(let box):
            return Self.defect(of: box)
        case .polygon(let points):
            guard points.count >= 3 else {
                return "a polygon of \(points.count) corners; it needs at least 3"
            }
            return Self.defect(of: points)
        case .scribble(let points, _):
            return points.isEmpty ? "a scribble without points" : Self.defect(of: points)
        case .mask(let mask):
            return mask.size.width > 0 && mask.size.height > 0
                ? nil : "a mask of \(mask.size) pixels"
        }
    }

    private static func defect(of points: [Point<OriginalPixels>]) -> String? {
        if points.count > cornerLimit {
            return "an outline of \(points.count) corners; at most \(cornerLimit) are allowed"
        }
        for point in points {
            for value in [point.x, point.y] where !(abs(value) <= coordinateLimit) {
                return "a coordinate of \(value); it must be a number of pixels"
            }
        }
        return nil
    }

    private static func defect(of box: Box<OriginalPixels>) -> String? {
        let corners = [
            Point<OriginalPixels>(x: box.minX, y: box.minY), Point(x: box.maxX, y: box.maxY),
        ]
        if let defect = defect(of: corners) { return defect }
        guard box.width > 0, box.height > 0 else {
            return
                "a box of \(box.width) x \(box.height) pixels, from (y \(box.minY), x \(box.minX)) "
                + "to (y \(box.maxY), x \(box.maxX)); the second corner must be below and to the "
                + "right of the first"
        }
        return nil
    }
}
