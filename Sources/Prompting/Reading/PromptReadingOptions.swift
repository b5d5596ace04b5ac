public import Imaging

/// What a file of prompts leaves open.
public struct PromptReadingOptions: Hashable, Sendable {
    /// What becomes of objects that another program has outlined.
    public enum OutlineUse: String, Hashable, Codable, Sendable, CaseIterable {
        /// Outlines become polygons, rectangles boxes, masks masks.
        case outline
        /// The box around each object.
        case box
        /// A point in the middle of each object, which lies inside of it.
        case centre
    }

    /// What becomes of objects that another program has outlined.
    public var outlines = OutlineUse.outline

    /// The unit of coordinates in a table; nil where nobody has said it.
    public var unit: LengthUnit?

    /// Width and height of a pixel of the image in micrometres, and the distance of slices; nil where they are not known.
    public var pixelSize: PixelSize?

    /// Name of the image, by which its objects are chosen in a COCO file of several images.
    public var imageName: String?

    /// Size of the image; without it, holes of outlines are filled.
    public var imageSize: Size?

    /// How many planes the image has, all axes together.
    public var planeCount = 1

    /// Whether an object may have prompts in several planes of a stack.
    ///
    /// It then comes as several objects of the same number, one for each plane.
    public var joinsPlanes = false

    /// Creates options; by default nothing is known of the image.
    public init() {}
}

/// A unit of lengths on images.
public enum LengthUnit: String, Hashable, Codable, Sendable, CaseIterable {
    /// Pixels of the image.
    case pixel
    /// 1000 nm are 1 µm.
    case nanometre = "nm"
    /// Micrometres.
    case micrometre = "um"
    /// 1 mm are 1000 µm.
    case millimetre = "mm"

    /// How many micrometres it is long; nil for pixels, whose size differs.
    public var micrometres: Double? {
        switch self {
        case .pixel: nil
        case .nanometre: 1e-3
        case .micrometre: 1
        case .millimetre: 1e3
        }
    }

    /// The unit that a text names, as programs write it; nil for another text.
    public init?(named text: String) {
        switch text.lowercased() {
        case "pixel", "pixels", "px", "pix": self = .pixel
        case "nm", "nanometer", "nanometers", "nanometre", "nanometres": self = .nanometre
        case "um", "\u{B5}m", "\u{3BC}m", "micron", "microns", "micrometer", "micrometers",
            "micrometre", "micrometres":
            self = .micrometre
        case "mm", "millimeter", "millimeters", "millimetre", "millimetres": self = .millimetre
        default: return nil
        }
    }
}
