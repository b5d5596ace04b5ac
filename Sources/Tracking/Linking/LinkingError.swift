public import Imaging

/// Why a frame cannot be linked.
public enum LinkingError: Error, Hashable, Sendable {
    /// A frame has another size than those before.
    case sizeMismatch(frame: Int, expected: Size, found: Size)

    /// A number among the options is not one that can be used.
    case invalidOption(_ name: String, reason: String)

    /// Measurements that do not belong to the objects of the frame.
    case wrongMeasurements(frame: Int)

    /// Vectors of features of different lengths.
    case unevenFeatures(frame: Int, label: UInt32, expected: Int, found: Int)
}

extension LinkingError: CustomStringConvertible {
    /// What is wrong, where, and what was expected.
    public var description: String {
        switch self {
        case .sizeMismatch(let frame, let expected, let found):
            "frame \(frame) has \(found) pixels and the frames before have \(expected); all frames of a movie must have one size"
        case .invalidOption(let name, let reason):
            "\(name): \(reason)"
        case .wrongMeasurements(let frame):
            "the measurements of frame \(frame) are not those of its objects, one for each, ordered by label"
        case .unevenFeatures(let frame, let label, let expected, let found):
            "object \(label) of frame \(frame) has \(found) features where others have \(expected)"
        }
    }
}
