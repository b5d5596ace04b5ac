/// Why the planes of an image are no volume.
public enum VolumeError: Error, Hashable, Sendable {
    /// There are several time points, each of which is a volume of its own.
    case severalTimePoints(file: String, count: Int)

    /// There is one slice, but several time points.
    case noSlices(file: String, timePoints: Int)
}

extension VolumeError: CustomStringConvertible {
    /// What is wrong; one line.
    public var description: String {
        switch self {
        case .severalTimePoints(let file, let count):
            "\(file): the image has \(count) time points, and a volume is one of them; choose a time point"
        case .noSlices(let file, let count):
            "\(file): the image has no slices, but \(count) time points; name its axes if they are slices"
        }
    }
}
