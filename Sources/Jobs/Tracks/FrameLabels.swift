import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation
import TrackFiles

/// Where the objects of the frames of a movie come from.
///
/// They are asked for twice: when objects are linked, and when results are written.
protocol FrameLabels {
    /// The objects of a frame.
    func labels(_ frame: Int, _ work: Work) throws -> LabelImage

    /// Removes what was kept for the second time.
    func discard()
}

/// Objects that a model finds, kept in a working folder, so that a run that was killed goes on with the frames that are
/// missing.
struct SegmentedFrames: FrameLabels {
    private let movie: Movie
    private let store: SliceStore
    private let engine: InferenceEngine
    private let segmenter: () throws -> Segmenter

    init(
        _ movie: Movie,
        _ store: SliceStore,
        _ engine: InferenceEngine,
        _ segmenter: @escaping () throws -> Segmenter
    ) {
        (self.movie, self.store, self.engine, self.segmenter) = (movie, store, engine, segmenter)
    }

    func labels(_ frame: Int, _ work: Work) throws -> LabelImage {
        if let known = try store.known(slice: frame) { return known }
        let plane = try movie.plane(frame)
        let segmenter = try segmenter()
        let found = try engine.perform(.automatic, work.silent) { work in
            do {
                let found = try segmenter.segment(plane, work)
                defer { found.discard() }
                return try found.labelImage(work)
            } catch let error as ImagingError {
                throw PlaneError.unusablePixels(file: "\(plane.file), frame \(frame)", error)
            }
        }
        try store.keep(found, slice: frame)
        return found
    }

    func discard() { store.remove() }
}

/// Objects of a folder of the Cell Tracking Challenge, in which labels are the numbers of tracks.
struct ChallengeFrames: FrameLabels {
    let folder: CTCFolder

    func labels(_ frame: Int, _ work: Work) throws -> LabelImage {
        try work.checkpoint()
        return try folder.labels(frame: frame)
    }

    func discard() {}
}

/// Objects that are painted from their outlines in a file of TrackMate.
struct OutlinedFrames: FrameLabels {
    let file: TrackMateFile
    let size: Size

    func labels(_ frame: Int, _ work: Work) throws -> LabelImage {
        try work.checkpoint()
        return file.labels(frame: frame, size: size)
    }

    func discard() {}
}

/// Objects that are known: a label stack, or one label image for each frame.
struct GivenFrames: FrameLabels {
    private let movie: Movie

    /// The file of all frames; nil if each has its own.
    private let stack: ImageSource?

    /// - Throws: ``MovieError`` if there are labels of another number of frames or of another size, or tracks without labels.
    init(_ inputs: InputList, of movie: Movie) throws {
        if let file = inputs.paths.first, inputs.paths.count == 1 {
            let url = URL(filePath: file)
            if TrackMateFile.isOne(url) || GEFFFile.isOne(url) {
                throw MovieError.tracksAsLabels(file: file)
            }
        }
        let labels = try Movie(inputs)
        guard labels.count == movie.count else {
            throw MovieError.otherCount(
                labels: labels.name,
                labels.count,
                expected: movie.count
            )
        }
        guard labels.size == movie.size else {
            throw MovieError.otherSize(file: labels.name, labels.size, expected: movie.size)
        }
        self.movie = labels
        // The pages of a stack are looked for once; of many files, each is opened when its turn comes.
        stack = labels.frames == .files ? nil : try labels.openLabels(0)
    }

    func labels(_ frame: Int, _ work: Work) throws -> LabelImage {
        try work.checkpoint()
        let labels = try (stack ?? movie.openLabels(frame)).readLabels(movie.index(of: frame))
        guard labels.size == movie.size else {
            throw MovieError.otherSize(
                file: movie.file(of: frame),
                labels.size,
                expected: movie.size
            )
        }
        return labels
    }

    func discard() {}
}

extension Movie {
    /// The file of a frame of a label movie, opened.
    fileprivate func openLabels(_ frame: Int) throws -> ImageSource {
        let options = ImageSource.Options(colorConversion: .asStored)
        return try ImageSource(opening: URL(filePath: file(of: frame)), options: options)
    }
}
