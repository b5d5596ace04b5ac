import ImageFormats

/// Why the planes of an image are no volume.
public enum VolumeError: Error, Hashable, Sendable {
    /// There are several time points, each of which is a volume of its own.
    case severalTimePoints(file: String, count: Int)

    /// There is one slice, but several time points.
    case noSlices(file: String, timePoints: Int)

    /// There are several slices at each of several time points, so that a movie is one of the slices.
    case severalSlices(file: String, count: Int)

    /// There are so few slices that cuts across them are far longer than wide.
    case tooFewSlices(file: String, count: Int, size: String)

    /// Labels of another size than the volume that they belong to.
    case otherSize(file: String, size: String, expected: String)
}

extension VolumeError: CustomStringConvertible {
    /// What is wrong; one line.
    public var description: String {
        switch self {
        case .severalTimePoints(let file, let count):
            "\(file): the image has \(count) time points, and a volume is one of them; choose a time point"
        case .noSlices(let file, let count):
            "\(file): the image has no slices, but \(count) time points; name its axes if they are slices"
        case .severalSlices(let file, let count):
            "\(file): the image has \(count) slices at each time point, and a movie is one of them; choose a slice"
        case .tooFewSlices(let file, let count, let size):
            "\(file): \(count) slices of \(size) pixels cannot be cut along other axes, because the cuts are far "
                + "longer than wide; cut the volume along z alone"
        case .otherSize(let file, let size, let expected):
            "\(file): there are \(size), but the volume has \(expected); give labels of this volume"
        }
    }
}

extension PlaneFile {
    /// Checks that the planes are a movie: time points of one slice, or a stack without time points, whose slices are frames.
    func requireMovie() throws(VolumeError) {
        guard grid.timePoints.count > 1, grid.slices.count > 1 else { return }
        throw .severalSlices(file: file, count: grid.slices.count)
    }

    /// Checks that the planes are a volume: slices of one time point.
    func requireVolume() throws(VolumeError) {
        let (slices, timePoints) = (grid.slices.count, grid.timePoints.count)
        guard timePoints > 1 else { return }
        if slices == 1 { throw .noSlices(file: file, timePoints: timePoints) }
        throw .severalTimePoints(file: file, count: timePoints)
    }
}
