import Prompting

/// Where the size of a pixel comes from.
public enum PixelSizeSource: String, Hashable, Codable, Sendable {
    /// What the microscope or ImageJ wrote into the file.
    case metadata
    /// The resolution in the header of the file, which may be meant for printing.
    case resolution
    /// The user.
    case given
}

extension ImageDescription {
    /// Where ``physicalSize`` comes from; nil if no size of a pixel is known.
    public var pixelSizeSource: PixelSizeSource? {
        guard physicalSize.x != nil || physicalSize.y != nil else { return nil }
        return ["TIFF", "PNG", "JPEG"].contains(format) ? .resolution : .metadata
    }
}

extension PhysicalSize {
    /// The same voxel with the sides that the user gives; times stay.
    init(_ given: PixelSize, over size: PhysicalSize) {
        self.init(
            x: given.x,
            y: given.y,
            z: given.z,
            unit: "\u{B5}m",
            t: size.t,
            timeUnit: size.timeUnit
        )
    }
}
