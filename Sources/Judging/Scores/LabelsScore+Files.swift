public import Evaluation
public import ImageFormats
import Imaging
public import Prompting

extension LabelsScore {
    /// Compares two files of labels, stacks as volumes.
    ///
    /// Both are read block by block: memory does not depend on the number of slices, and hardly on the size of a slice.
    ///
    /// - Parameters:
    ///   - pair: The prediction as image, and the annotated labels.
    ///   - splitsLabels: Whether connected parts of annotated labels are objects of their own, which only
    ///     labels of one plane can be split into.
    ///   - thresholds: Overlaps from which on objects agree.
    ///   - largestBlock: Number of pixels from which on slices are read in bands of rows; the scores do not depend on it.
    ///   - work: Told what the readers noticed.
    /// - Throws: ``JudgingError``, `DataSetError` or `ImageFormatError` if a file cannot be used, or they
    ///   do not fit each other.
    public init(
        comparing pair: AnnotatedImage,
        splitsLabels: Bool = false,
        thresholds: [Double] = SegmentationScore.thresholds,
        largestBlock: Int = 1 << 24,
        _ work: Work = Work()
    ) throws {
        let (predicted, annotated) = try Self.open(pair)
        (annotated.notes + predicted.notes).forEach(work.note)
        if splitsLabels, annotated.planeCount > 1 {
            throw JudgingError.labelsAreStack(labels: pair.labels)
        }
        let blocks: LabelBlocks
        do {
            blocks = try LabelBlocks(
                truth: annotated,
                prediction: predicted,
                // Connected parts go through all of a plane.
                largestBlock: splitsLabels ? .max : largestBlock
            )
        } catch {
            throw JudgingError.labelsDiffer(
                prediction: pair.image,
                labels: pair.labels,
                reason: "\(error)"
            )
        }
        let overlap = try blocks.overlap(work) { labels in
            splitsLabels ? labels.splitIntoComponents(connectivity: .edgesAndCorners) : labels
        }
        self.init(pair.name, overlap, thresholds: thresholds)
    }

    /// Opens both files; outlines take their size from the other file, or are both as large as the larger.
    private static func open(
        _ pair: AnnotatedImage
    ) throws -> (prediction: LabelFile, truth: LabelFile) {
        let reading = pair.reading
        func prediction(_ extents: ImageAxes? = nil) throws -> LabelFile {
            try LabelFile(
                opening: pair.image,
                key: reading.imageKey,
                axes: reading.axes,
                for: extents,
                image: pair.labels
            )
        }
        func truth(_ extents: ImageAxes? = nil) throws -> LabelFile {
            try pair.openLabels(for: extents)
        }
        let (first, second) = (try prediction(), try truth())
        switch (first.isOutlines, second.isOutlines) {
        case (false, false): return (first, second)
        case (true, false): return (try prediction(second.axes), second)
        case (false, true): return (first, try truth(first.axes))
        case (true, true):
            let axes = ImageAxes(
                t: max(first.axes.t, second.axes.t),
                z: max(first.axes.z, second.axes.z),
                y: max(first.axes.y, second.axes.y),
                x: max(first.axes.x, second.axes.x)
            )
            return (try prediction(axes), try truth(axes))
        }
    }
}
