import Evaluation
import ImageFormats
import Imaging
import Prompting

/// Two files of labels that are compared block by block: slice by slice, and large slices in bands of rows.
///
/// Memory: a block of both files, and one number for each pair of objects that share pixels.
struct LabelBlocks {
    private let truth: LabelFile
    private let prediction: LabelFile

    /// Number of pixels from which on a slice is read in bands.
    let largestBlock: Int

    /// Combines files of the same extents.
    ///
    /// - Throws: `ImagingError`, which says how they differ.
    init(
        truth: LabelFile,
        prediction: LabelFile,
        largestBlock: Int
    ) throws(ImagingError) {
        guard truth.planeCount == prediction.planeCount else {
            throw .invalidParameter(
                "prediction",
                reason: "must have \(truth.planeCount) slices, but has \(prediction.planeCount)"
            )
        }
        guard truth.size == prediction.size else {
            throw .sizeMismatch("prediction", expected: truth.size, found: prediction.size)
        }
        (self.truth, self.prediction, self.largestBlock) = (truth, prediction, largestBlock)
    }

    /// Counts the pixels that objects share.
    ///
    /// - Parameters:
    ///   - work: Told what looks odd in the labels, once for each file; may be cancelled between two blocks.
    ///   - change: What becomes of the true labels of a block.
    /// - Throws: `ImageFormatError` for pixels that are no labels; `CancellationError`.
    func overlap(
        _ work: Work,
        _ change: (LabelImage) -> LabelImage = { $0 }
    ) throws -> LabelOverlap {
        var counter = OverlapCounter()
        var notes: [FileNote?] = [nil, nil]
        for plane in 0..<truth.planeCount {
            for band in bands {
                try work.checkpoint()
                let first = try truth.read(plane: plane, region: band)
                let second = try prediction.read(plane: plane, region: band)
                for (index, (file, labels)) in [(truth, first), (prediction, second)].enumerated()
                where notes[index] == nil {
                    notes[index] = file.note(on: labels)
                    notes[index].map(work.note)
                }
                try counter.add(change(first), second)
            }
        }
        return LabelOverlap(counter)
    }

    /// The parts in which a slice is read; nil stands for all of it.
    private var bands: [Region?] {
        let size = truth.size
        // Outlines are drawn as a whole.
        guard size.count > largestBlock, !truth.isOutlines, !prediction.isOutlines else {
            return [nil]
        }
        // Tiles and chunks are usually as high as a power of two, so none is read twice.
        var height = 1
        while 2 * height * size.width <= largestBlock { height *= 2 }
        return stride(from: 0, to: size.height, by: height).map { y in
            Region(x: 0, y: y, width: size.width, height: min(height, size.height - y))
        }
    }
}

extension LabelFile {
    /// Width and height of a plane.
    fileprivate var size: Size { Size(width: axes.x, height: axes.y) }
}
