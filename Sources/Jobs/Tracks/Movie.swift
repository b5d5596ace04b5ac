import Files
public import ImageFormats
public import Imaging
public import Prompting

/// The frames of a movie: the time points of one file, or one file for each frame.
public struct Movie: Sendable {
    /// Where the frames lie.
    public enum Frames: Hashable, Sendable {
        /// Time points of a file.
        case timePoints
        /// Slices of a file without time points; many programs save a movie as such a stack.
        case slices
        /// One file for each frame, in natural order of the names.
        case files
    }

    /// The file, or the folder of the files.
    public let name: String

    /// Where the frames lie.
    public let frames: Frames

    /// Number of frames, at least 1.
    public let count: Int

    /// Width and height of every frame.
    public let size: Size

    /// What the reader noticed in the file, or in the first of the files.
    public let notes: [FileNote]

    /// All files, in the order of the frames.
    public let files: [String]

    let first: PlaneFile
    private let selection: PlaneSelection
    private let keepsOpacity: Bool

    /// Opens a movie; reads no pixels.
    ///
    /// - Parameters:
    ///   - inputs: One file with time points (or slices, if it has no time points), or the files of the frames.
    ///   - selection: The slice or channel of each frame.
    ///   - keepsOpacity: Whether an opacity channel takes part, as in micro-sam.
    /// - Throws: ``MovieError``; what opening the first file throws.
    public init(
        _ inputs: InputList,
        _ selection: PlaneSelection = PlaneSelection(),
        keepsOpacity: Bool = false
    ) throws {
        guard let file = inputs.paths.first else { throw MovieError.noFrames }
        let first = try PlaneFile(
            opening: file,
            selection,
            each: true,
            keepsOpacity: keepsOpacity
        )
        let (times, slices) = (first.grid.timePoints.count, first.grid.slices.count)
        if inputs.paths.count > 1 {
            if times > 1 || slices > 1 {
                throw MovieError.filesOfStacks(file: file, planes: times * slices)
            }
            (name, frames, count) = (FileName.folder(of: file), .files, inputs.paths.count)
        } else {
            if times > 1, slices > 1 {
                throw MovieError.slicesAndTimePoints(
                    file: file,
                    slices: slices,
                    timePoints: times
                )
            }
            (name, frames, count) = (file, slices > 1 ? .slices : .timePoints, max(times, slices))
        }
        (self.first, self.selection, self.keepsOpacity) = (first, selection, keepsOpacity)
        (files, size, notes) = (inputs.paths, first.size, first.notes)
    }

    /// A frame; its pixels are read where they are needed.
    ///
    /// - Throws: ``MovieError/otherSize(file:_:expected:)``; what opening its file throws.
    public func plane(_ frame: Int) throws -> PlaneSource {
        guard frames == .files else { return first.planes[frame] }
        let file = files[frame]
        // Open files are limited, so each is opened when its turn comes.
        let plane = try PlaneSource(opening: file, selection, keepsOpacity: keepsOpacity)
        guard plane.size == size else {
            throw MovieError.otherSize(file: file, plane.size, expected: size)
        }
        return plane
    }

    /// The file that a frame lies in.
    func file(of frame: Int) -> String { frames == .files ? files[frame] : files[0] }

    /// The place of a frame in its file.
    func index(of frame: Int) -> PlaneIndex {
        frames == .files ? first.grid.indices[0] : first.grid.indices[frame]
    }

    /// The channels of the frames, as tables name them.
    var channels: (count: Int, names: [String]) {
        get throws {
            let plane = first.planes[0]
            let pixel = Region(x: 0, y: 0, width: 1, height: 1)
            return (try plane.read(pixel).channels, plane.channelNames)
        }
    }

    /// The size of pixels.
    public var physicalSize: PhysicalSize { first.planes[0].physicalSize }
}

/// Why something is no movie.
public enum MovieError: Error, Hashable, Sendable {
    /// There are no images.
    case noFrames

    /// One file has slices and time points.
    case slicesAndTimePoints(file: String, slices: Int, timePoints: Int)

    /// Several files, one of which holds more than a frame.
    case filesOfStacks(file: String, planes: Int)

    /// A frame has another size than the first one.
    case otherSize(file: String, Size, expected: Size)

    /// Labels that belong to another number of frames.
    case otherCount(labels: String, Int, expected: Int)

    /// Tracks that were given as label images, which they are not.
    case tracksAsLabels(file: String)

    /// Label images beside tracks that have label images of their own.
    case labelsTwice(tracks: String)

    /// A graph without label images: it names none, or those that it names are not there.
    case tracksWithoutLabels(tracks: String, named: String?)

    /// Spots that have no outline, and no label images.
    case tracksWithoutOutlines(tracks: String, spots: Int, of: Int)
}

extension MovieError: CustomStringConvertible {
    /// What is wrong; one line.
    public var description: String {
        switch self {
        case .noFrames: "there are no images"
        case .slicesAndTimePoints(let file, let slices, let timePoints):
            "\(file): the image has \(slices) slices and \(timePoints) time points; objects are tracked in one slice, "
                + "so choose it"
        case .filesOfStacks(let file, let planes):
            "\(file): the image has \(planes) planes, but of several files each must be one frame; give one file, or "
                + "choose a plane"
        case .otherSize(let file, let size, let expected):
            "\(file): the frame has \(size) pixels, the first one \(expected); all frames need the same size"
        case .otherCount(let labels, let count, let expected):
            "\(labels): there are labels of \(Wording.count(count, "frame")), but the movie has \(expected)"
        case .tracksAsLabels(let file):
            "\(file): these are tracks, not label images"
        case .labelsTwice(let tracks):
            "\(tracks): the folder has label images of its own, and others were given"
        case .tracksWithoutLabels(let tracks, let named?):
            "\(tracks): the label images \(named) that the graph belongs to are not there"
        case .tracksWithoutLabels(let tracks, nil):
            "\(tracks): the graph has no pixels, and names no label images"
        case .tracksWithoutOutlines(let tracks, let spots, let count):
            "\(tracks): of \(Wording.count(count, "spot")), \(spots) have no outline, so their pixels are not known"
        }
    }
}
