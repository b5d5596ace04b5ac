public import Imaging
public import Tracking

/// Compares predicted tracks with true ones, frame by frame.
///
/// Nothing of a frame is kept but its labels and which of them match, so memory grows with the number of objects only.
///
/// ```swift
/// var comparison = TrackComparison(truth: trueRecords, result: records)
/// for (truth, result) in zip(trueFrames, frames) { try comparison.add(truth: truth, result: result) }
/// print(comparison.score().corrections.tracking)      // TRA
/// ```
public struct TrackComparison: Sendable {
    private let truth: [TrackRecord]
    private let result: [TrackRecord]
    private var frames: [FrameMatch] = []
    private var segmentation: SegmentedFrames?

    /// Begins before the first frame.
    ///
    /// - Parameters:
    ///   - truth: The table of the true tracks.
    ///   - result: The table of the predicted ones.
    public init(truth: [TrackRecord], result: [TrackRecord]) {
        (self.truth, self.result) = (truth, result)
    }

    /// Number of frames that were compared.
    public var frameCount: Int { frames.count }

    /// Compares the next frame.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if the sizes differ.
    public mutating func add(truth: LabelImage, result: LabelImage) throws(ImagingError) {
        add(try LabelOverlap(truth: truth, prediction: result))
    }

    /// Compares the next frame, an image or a volume, by its overlaps.
    public mutating func add(_ overlap: LabelOverlap) {
        frames.append(FrameMatch(overlap))
    }

    /// Compares a frame with other true masks, which only count for the segmentation (SEG).
    ///
    /// Data sets of the Cell Tracking Challenge have them, usually for some of the frames and more exact than those with tracks. Without any,
    /// the masks with tracks count.
    public mutating func addSegmentation(_ overlap: LabelOverlap) {
        segmentation = segmentation ?? SegmentedFrames()
        segmentation?.add(FrameMatch(overlap))
    }

    /// The scores of all frames so far.
    ///
    /// - Parameter tolerance: Divisions are counted for all tolerances up to this many frames.
    public func score(tolerance: Int = 3) -> TrackScore {
        let match = MatchedTracks(truth: truth, result: result, frames: frames)
        var segmented = SegmentedFrames()
        frames.forEach { segmented.add($0) }
        return TrackScore(match, (segmentation ?? segmented).score, tolerance: tolerance)
    }
}

/// How well true objects are covered by their matches.
///
/// - Source: Maška et al., A benchmark for comparison of cell tracking algorithms (Bioinformatics 30, 1609, 2014).
private struct SegmentedFrames: Sendable {
    private var overlapSum = 0.0
    private var count = 0

    mutating func add(_ frame: FrameMatch) {
        overlapSum += frame.pairs.reduce(0) { $0 + $1.intersectionOverUnion }
        count += frame.truth.count
    }

    /// The mean over the true objects of the IoU with their match, 0 where there is none; nil without objects.
    var score: Double? { count == 0 ? nil : overlapSum / Double(count) }
}
