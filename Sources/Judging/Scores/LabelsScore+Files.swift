public import Evaluation
public import ImageFormats
import Imaging
public import Prompting

extension LabelsScore {
    /// Compares two files of labels, stacks as volumes.
    ///
    /// - Parameters:
    ///   - pair: The prediction as image, and the annotated labels.
    ///   - splitsLabels: Whether connected parts of annotated labels are objects of their own, which only
    ///     labels of one plane can be split into.
    ///   - thresholds: Overlaps from which on objects agree.
    ///   - work: Told what the readers noticed.
    /// - Throws: ``JudgingError``, `DataSetError` or `ImageFormatError` if a file can not be used, or they
    ///   do not fit each other.
    public init(
        comparing pair: AnnotatedImage,
        splitsLabels: Bool = false,
        thresholds: [Double] = SegmentationScore.thresholds,
        _ work: Work = Work()
    ) throws {
        let labels = try pair.openLabels()
        let predicted = try LabelFile(
            opening: pair.image,
            key: pair.reading.imageKey,
            axes: pair.reading.axes
        )
        (labels.notes + predicted.notes).forEach(work.note)
        var truth = try labels.readVolume()
        if splitsLabels {
            guard truth.count == 1 else { throw JudgingError.labelsAreStack(labels: pair.labels) }
            truth = truth.map { $0.splitIntoComponents(connectivity: .edgesAndCorners) }
        }
        let prediction = try predicted.readVolume()
        let overlap: LabelOverlap
        do {
            overlap = try LabelOverlap(truth: truth, prediction: prediction)
        } catch {
            throw JudgingError.labelsDiffer(
                prediction: pair.image,
                labels: pair.labels,
                reason: "\(error)"
            )
        }
        self.init(pair.name, overlap, thresholds: thresholds)
    }
}
