import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation

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
                return try segmenter.segment(plane, work).labelImage(work)
            } catch let error as ImagingError {
                throw PlaneError.unusablePixels(file: "\(plane.file), frame \(frame)", error)
            }
        }
        try store.keep(found, slice: frame)
        return found
    }

    func discard() { store.remove() }
}

/// Objects that are known: a label stack, or one label image for each frame.
struct GivenFrames: FrameLabels {
    private let movie: Movie

    /// - Throws: ``MovieError`` if there are labels of another number of frames or of another size.
    init(_ inputs: InputList, of movie: Movie) throws {
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
    }

    func labels(_ frame: Int, _ work: Work) throws -> LabelImage {
        try work.checkpoint()
        return try movie.labels(frame)
    }

    func discard() {}
}

extension Movie {
    /// The labels of a frame of a label movie.
    ///
    /// - Throws: What reading the file throws; an `ImageFormatError` for values that are no labels.
    fileprivate func labels(_ frame: Int) throws -> LabelImage {
        let options = ImageSource.Options(colorConversion: .asStored)
        let source = try ImageSource(opening: URL(filePath: file(of: frame)), options: options)
        let labels = try source.readLabels(index(of: frame))
        guard labels.size == size else {
            throw MovieError.otherSize(file: file(of: frame), labels.size, expected: size)
        }
        return labels
    }
}
