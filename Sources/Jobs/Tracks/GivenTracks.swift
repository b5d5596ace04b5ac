import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import TrackFiles
import Tracking

/// Tracks that are known, with the label images that their objects lie in.
struct GivenTracks: Sendable {
    /// The file or folder of the tracks, as the user named it.
    let path: String

    private let file: TrackFile

    /// Where the objects lie.
    let frames: any FrameLabels & Sendable
    private let frameCount: Int

    /// Reads the tracks; opens the label images.
    ///
    /// - Parameters:
    ///   - path: A folder of the Cell Tracking Challenge, a GEFF, or a file of TrackMate.
    ///   - labels: The label images; nil to take those that the tracks have or name, or outlines.
    /// - Throws: `TrackFileError` if the tracks cannot be used; ``MovieError`` if they are those of another movie, or label images are
    ///   missing or superfluous; what opening the label images throws.
    init(_ path: String, labels: InputList?, of movie: Movie) throws {
        file = try TrackFile(reading: URL(filePath: path))
        self.path = path
        frameCount = movie.count
        switch file {
        case .challenge(let folder):
            guard labels == nil else { throw MovieError.labelsTwice(tracks: path) }
            try movie.requireSame(path, folder.frameCount, folder.size)
            frames = ChallengeFrames(folder: folder)
        case .graph(let file):
            frames = try GivenFrames(labels ?? file.labelsBeside(path), of: movie)
        case .trackMate(let file):
            try movie.requireSame(path, file.movieFrameCount, file.size)
            if let labels {
                frames = try GivenFrames(labels, of: movie)
            } else {
                guard file.isOutlined else {
                    let missing = file.graph.count - file.outlines.count
                    throw MovieError.tracksWithoutOutlines(
                        tracks: path,
                        spots: missing,
                        of: file.graph.count
                    )
                }
                frames = OutlinedFrames(file: file, size: movie.size)
            }
        }
    }

    /// The graph of the tracks, in which labels are those of the label images and every object is measured.
    ///
    /// - Parameters:
    ///   - work: Told what was left out.
    ///   - receive: Told of each frame.
    /// - Throws: `TrackFileError` if the tracks do not fit the label images; what reading throws; `CancellationError`.
    func linked(
        _ work: Work,
        telling receive: (TrackingRun.Progress) -> Void
    ) throws -> (graph: LineageGraph, frames: any FrameLabels) {
        var matching: ObjectMatching
        switch file {
        case .challenge(let folder):
            let graph = try folder.lineage { frame, objects in
                try work.checkpoint()
                receive(TrackingRun.Progress(frame: frame, objects: objects))
            }
            return (graph, frames)
        case .graph(let file):
            matching = ObjectMatching(of: file)
            for words in file.notes { work.note(FileNote(path, .note(words))) }
        case .trackMate(let file):
            matching = ObjectMatching(of: file, arePainted: frames is OutlinedFrames)
            if file.hiddenCount > 0 {
                let count = Wording.count(file.hiddenCount, "spot")
                work.note(FileNote(path, .note("\(count) that TrackMate does not show left out")))
            }
        }
        for frame in 0..<frameCount {
            let labels = try frames.labels(frame, work)
            try matching.add(labels)
            receive(TrackingRun.Progress(frame: frame, objects: labels.objectLabels().count))
        }
        if matching.untrackedCount > 0 {
            let count = Wording.count(matching.untrackedCount, "object")
            let words = "\(count) of the label images in no track and left out"
            work.note(FileNote(path, .note(words)))
        }
        return (try matching.finish(), frames)
    }
}

extension GEFFFile {
    /// The label images that the file names, if they are there.
    fileprivate func labelsBeside(_ path: String) throws -> InputList {
        guard let labelImages, FileStatus(of: labelImages.path) != nil else {
            throw MovieError.tracksWithoutLabels(tracks: path, named: labelImages?.path)
        }
        return try InputList([labelImages.path])
    }
}

extension Movie {
    /// Throws unless tracks are those of a movie of the same extents, as far as they tell.
    fileprivate func requireSame(_ tracks: String, _ count: Int?, _ size: Size?) throws(MovieError)
    {
        if let count, count != self.count {
            throw .otherCount(labels: tracks, count, expected: self.count)
        }
        if let size, size != self.size {
            throw .otherSize(file: tracks, size, expected: self.size)
        }
    }
}
