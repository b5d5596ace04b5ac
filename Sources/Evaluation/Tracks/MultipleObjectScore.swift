/// Right, wrong and missing objects and changes of identity (CLEAR MOT).
///
/// Tracks that continue another one after a gap count as the same object.
///
/// - Source: Bernardin and Stiefelhagen, Evaluating multiple object tracking performance (EURASIP Journal on Image and Video
///   Processing, 246309, 2008).
public struct MultipleObjectScore: Hashable, Codable, Sendable {
    /// Number of true objects with a match, over all frames.
    public var truePositives = 0

    /// Number of predicted objects that match nothing; one that matches several counts once for each but the first.
    public var falsePositives = 0

    /// Number of true objects without a match.
    public var falseNegatives = 0

    /// How often a true object is followed by another predicted one than before.
    public var identitySwitches = 0

    /// How many true objects share their match with another; the first of each match does not count.
    public var multipleAssignments = 0

    /// Number of predicted objects that do not match exactly one true object.
    public var falseAlarms = 0

    /// Number of frames.
    public var frames: Int

    /// Multiple object tracking accuracy (MOTA), at most 1, and below 0 with more errors than objects; nil without true objects.
    public var accuracy: Double? {
        let count = truePositives + falseNegatives
        guard count > 0 else { return nil }
        let errors = falseNegatives + falsePositives + identitySwitches + multipleAssignments
        return 1 - Double(errors) / Double(count)
    }

    /// The share of the predicted objects that are true ones; nil if there are none.
    public var precision: Double? { ratio(truePositives + falsePositives) }

    /// The share of the true objects that were found; nil if there are none.
    public var recall: Double? { ratio(truePositives + falseNegatives) }

    /// False alarms for each frame (FAF); nil without frames.
    public var falseAlarmsPerFrame: Double? {
        frames == 0 ? nil : Double(falseAlarms) / Double(frames)
    }

    private func ratio(_ count: Int) -> Double? {
        count == 0 ? nil : Double(truePositives) / Double(count)
    }

    /// Compares the objects.
    init(_ match: MatchedTracks) {
        frames = match.frames.count
        let truth = match.truth.cells.ofTrack
        let result = match.result.cells.ofTrack
        var known: [Int: Int] = [:]
        for frame in match.frames {
            let distinct = frame.coverage.count
            truePositives += frame.pairs.count
            falseNegatives += frame.truth.count - frame.pairs.count
            falsePositives += frame.result.count - distinct
            multipleAssignments += frame.pairs.count - distinct
            falseAlarms += frame.result.count - frame.coverage.values.count { $0 == 1 }
            for pair in frame.pairs {
                guard let cell = match.truth.places[pair.truth].map({ truth[$0] }),
                    let other = match.result.places[pair.result].map({ result[$0] })
                else { continue }
                if known.updateValue(other, forKey: cell) ?? other != other {
                    identitySwitches += 1
                }
            }
        }
    }
}
