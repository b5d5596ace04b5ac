public import Imaging
public import Prompting

/// An object of a file that describes objects by where they lie.
///
/// Coordinates count from the corner of the image: the pixel in column x covers x ..< x + 1.
public struct OutlinedObject: Hashable, Sendable {
    /// Where an object lies.
    public enum Shape: Hashable, Sendable {
        /// Points, one or many.
        case points([Point<OriginalPixels>])
        /// An open line.
        case line([Point<OriginalPixels>])
        /// A rectangle.
        case rectangle(Box<OriginalPixels>)
        /// The ellipse inside a rectangle.
        case oval(Box<OriginalPixels>)
        /// Polygons, each of one or several rings; what lies inside an even number of the rings of one
        /// polygon is outside.
        case polygons([[[Point<OriginalPixels>]]])
        /// A mask of the size of the image.
        case mask(EncodedMask)
    }

    /// The number that the file gives it; nil where it gives none.
    public var number: UInt32?

    /// What people call it.
    public var name: String?

    /// What kind of object it is.
    public var category: String?

    /// Where it lies in a plane.
    public var shape: Shape

    /// The plane that it lies in.
    public var place = ObjectPlace()

    /// Where in the file it stands, for messages.
    public var origin: String

    /// Describes an object.
    public init(
        _ shape: Shape,
        number: UInt32? = nil,
        name: String? = nil,
        category: String? = nil,
        place: ObjectPlace = ObjectPlace(),
        origin: String
    ) {
        (self.shape, self.number, self.name, self.category) = (shape, number, name, category)
        (self.place, self.origin) = (place, origin)
    }

    /// Whether it covers an area; points and lines do not.
    public var hasArea: Bool {
        switch shape {
        case .points, .line: false
        case .rectangle, .oval, .polygons, .mask: true
        }
    }

    /// The number of corners and points.
    var positionCount: Int {
        switch shape {
        case .points(let points), .line(let points): points.count
        case .rectangle, .oval: 4
        case .polygons(let polygons): polygons.joined().reduce(0) { $0 + $1.count }
        case .mask(let mask): mask.counts.utf8.count
        }
    }

    /// The smallest box around it; nil for a mask, and for what has no positions.
    var bounds: Box<OriginalPixels>? {
        switch shape {
        case .points(let points), .line(let points): Box(around: [points])
        case .rectangle(let box), .oval(let box): box
        case .polygons(let polygons): Box(around: polygons.joined())
        case .mask: nil
        }
    }
}

extension Box where Space == OriginalPixels {
    /// The smallest box around the points of some rings.
    init?(around rings: some Sequence<[Point<OriginalPixels>]>) {
        var box: Box?
        for point in rings.joined() {
            box = Box(
                minX: min(box?.minX ?? point.x, point.x),
                minY: min(box?.minY ?? point.y, point.y),
                maxX: max(box?.maxX ?? point.x, point.x),
                maxY: max(box?.maxY ?? point.y, point.y)
            )
        }
        guard let box else { return nil }
        self = box
    }

    /// The box whose coordinates count from the middle of the first pixel.
    var fromPixelMiddle: Box {
        Box(minX: minX - 0.5, minY: minY - 0.5, maxX: maxX - 0.5, maxY: maxY - 0.5)
    }
}

extension Point where Space == OriginalPixels {
    /// The point whose coordinates count from the middle of the first pixel.
    var fromPixelMiddle: Point { Point(x: x - 0.5, y: y - 0.5) }
}
