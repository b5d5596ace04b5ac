import Files
import Foundation
import Imaging
import Synchronization

/// The files of a folder as the frames of one movie; each is opened when it is read.
final class FrameFiles: PlaneReader {
    typealias Opening = @Sendable (URL) throws(ImageFormatError) -> any PlaneReader

    let description: ImageDescription

    private let files: [URL]
    private let opening: Opening
    /// Files that are open, the latest last.
    private let opened: Mutex<[(frame: Int, reader: any PlaneReader)]>

    /// Open files are limited, and a frame is read tile by tile.
    private static let capacity = 8

    /// Opens the first file.
    ///
    /// - Parameters:
    ///   - folder: Where the files lie.
    ///   - names: Their names, in the order of the frames.
    ///   - opening: Opens one of them.
    /// - Throws: ``ImageFormatError`` if there are no files, or the first cannot be opened or holds more than a frame.
    init(
        _ folder: URL,
        _ names: [String],
        _ opening: @escaping Opening
    ) throws(ImageFormatError) {
        guard let name = names.first else {
            throw ImageFormatError(.outOfRange, path: folder.path, "the movie has no frames")
        }
        files = names.map { URL(filePath: FileName.join(folder.path, $0)) }
        self.opening = opening
        let first = try opening(files[0])
        var found = first.description
        guard found.axes.t == 1, found.axes.z == 1 else {
            throw ImageFormatError(
                .outOfRange,
                path: files[0].path,
                "the file has \(found.axes.t * found.axes.z) planes, but each file of a movie is one frame",
                advice: "give this file alone if it is the movie"
            )
        }
        found.axes.t = names.count
        found.series = [SeriesDescription(name: name, axes: found.axes)]
        found.otherFiles = Array(names.dropFirst())
        found.byteCount = 0
        description = found
        opened = Mutex([(0, first)])
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        try reader(plane.t).read(PlaneIndex(c: plane.c), region: region, level: level)
    }

    /// The file of a frame.
    private func reader(_ frame: Int) throws(ImageFormatError) -> any PlaneReader {
        let known = opened.withLock { opened -> (any PlaneReader)? in
            guard let place = opened.firstIndex(where: { $0.frame == frame }) else { return nil }
            opened.append(opened.remove(at: place))
            return opened.last?.reader
        }
        if let known { return known }
        let reader = try opening(files[frame])
        try requireSame(reader.description, files[frame].path)
        opened.withLock { opened in
            opened.append((frame, reader))
            if opened.count > Self.capacity { opened.removeFirst() }
        }
        return reader
    }

    /// Throws unless a frame can be shown in place of the first one.
    private func requireSame(
        _ frame: ImageDescription,
        _ path: String
    ) throws(ImageFormatError) {
        var axes = frame.axes
        axes.t *= description.axes.t
        guard axes == description.axes, frame.levels == description.levels,
            frame.sampleType == description.sampleType,
            frame.samplesPerPixel == description.samplesPerPixel
        else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the frame has \(frame.words), the first one \(description.words)",
                advice: "all frames of a movie need the same size, channels and type of pixels"
            )
        }
    }
}

extension ImageDescription {
    /// What frames have in common, for messages.
    fileprivate var words: String {
        let planes = axes.z > 1 ? ", \(axes.z) slices" : ""
        return "\(axes.x) x \(axes.y) pixels of \(sampleType.rawValue), "
            + "\(axes.c * samplesPerPixel) channels, \(levels.count) levels" + planes
    }
}
