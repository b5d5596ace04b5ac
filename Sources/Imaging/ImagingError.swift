/// What can be wrong with the arguments of an image operation.
public enum ImagingError: Error, Hashable, Sendable {
    /// Two arrays that must share a grid do not.
    case sizeMismatch(_ what: String, expected: Size, found: Size)

    /// The number of samples does not fit the size and the number of channels.
    case sampleCountMismatch(_ what: String, expected: Int, found: Int)

    /// An image with no pixels, or more pixels than memory can address.
    case invalidSize(_ what: String, Size)

    /// A region that reaches outside the image, or the part of it, that it counts from.
    case regionOutside(Region, Size)

    /// A parameter outside its documented range.
    case invalidParameter(_ name: String, reason: String)

    /// Pixels that are not finite where finite values are needed.
    case notFinite(_ what: String)

    /// Finite pixels, or differences between them, that single precision cannot hold.
    case tooLarge(_ what: String)
}

extension ImagingError {
    /// A region that reaches outside what it counts from, in whatever space.
    static func outside<Space>(_ region: PixelRegion<Space>, _ size: Size) -> ImagingError {
        .regionOutside(
            Region(x: region.x, y: region.y, width: region.width, height: region.height),
            size
        )
    }
}

extension ImagingError: CustomStringConvertible {
    /// A message for the user: what was wrong, the values found, and what was expected.
    public var description: String {
        switch self {
        case .sizeMismatch(let what, let expected, let found):
            "\(what): expected \(expected) pixels, found \(found)"
        case .sampleCountMismatch(let what, let expected, let found):
            "\(what): expected \(expected) samples, found \(found)"
        case .invalidSize(let what, let size):
            "\(what): an image of \(size) pixels cannot be used"
        case .regionOutside(let region, let size):
            "the region at (\(region.x), \(region.y)) of \(region.size) pixels "
                + "reaches outside the image of \(size) pixels"
        case .invalidParameter(let name, let reason):
            "\(name): \(reason)"
        case .notFinite(let what):
            "\(what): contains NaN or infinite values; replace them before segmentation"
        case .tooLarge(let what):
            "\(what): contains values beyond \(Float.greatestFiniteMagnitude), which single precision cannot hold; "
                + "divide the image by a constant and save it again"
        }
    }
}
