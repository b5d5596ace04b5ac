/// All measures of a tracking result.
///
/// Measures that have no value, such as that of linking in a single frame, are nil.
public struct TrackScore: Hashable, Sendable {
    /// What has to be corrected: DET, TRA and LNK.
    public let corrections: GraphCorrections

    /// Segmentation accuracy (SEG): the mean over the true objects of the IoU with their match, 0 where there is none; nil without
    /// true objects.
    public let segmentation: Double?

    /// Whole tracks and cell cycles: CT, TF and CCA.
    public let biological: BiologicalScore

    /// Divisions for each tolerance in frames, from 0 on: BC(i).
    public let divisions: [DivisionCounts]

    /// Objects and their identities: MOTA.
    public let objects: MultipleObjectScore

    /// Objects through time: HOTA, CHOTA and IDF1.
    public let association: AssociationScore

    /// Where the true tracks break the rules of the format.
    public let truthIssues: [TrackIssue]

    /// Where the predicted tracks break the rules of the format; none if the result is valid.
    public let resultIssues: [TrackIssue]

    init(_ match: MatchedTracks, _ segmentation: Double?, tolerance: Int) {
        corrections = GraphCorrections(match)
        self.segmentation = segmentation
        biological = BiologicalScore(match)
        divisions = (0...max(tolerance, 0)).map { DivisionCounts(match, tolerance: $0) }
        objects = MultipleObjectScore(match)
        association = AssociationScore(match)
        (truthIssues, resultIssues) = (match.truth.issues, match.result.issues)
    }
}

/// A measure that may have no value.
public struct TrackValue: Hashable, Codable, Sendable {
    /// Its name in papers and in the tables of others.
    public let name: String

    /// The value; nil if it has none.
    public let value: Double?

    init(_ name: String, _ value: Double?) { (self.name, self.value) = (name, value) }

    init(_ name: String, _ count: Int) { self.init(name, Double(count)) }
}

extension TrackScore {
    /// The measures by which results are compared.
    public var measures: [TrackValue] {
        [
            TrackValue("DET", corrections.detection),
            TrackValue("SEG", segmentation),
            TrackValue("TRA", corrections.tracking),
            TrackValue("LNK", corrections.linking),
            TrackValue("CT", biological.completeTracksScore),
            TrackValue("TF", biological.trackFractions),
            TrackValue("CCA", biological.cellCycleAccuracy),
        ]
            + divisions.map { TrackValue("BC(\($0.tolerance))", $0.branchingCorrectness) } + [
                TrackValue("Division F1", divisions[0].f1),
                TrackValue("MOTA", objects.accuracy),
                TrackValue("HOTA", association.hota),
                TrackValue("CHOTA", association.chota),
                TrackValue("IDF1", association.identityF1),
            ]
    }

    /// The names of all ``values``.
    ///
    /// - Parameter tolerance: As in ``TrackComparison/score(tolerance:)``.
    public static func names(tolerance: Int = 3) -> [String] {
        TrackComparison(truth: [], result: []).score(tolerance: tolerance).values.map(\.name)
    }

    /// Everything that is counted or computed, with the names of py-ctcmetrics, first ``measures``.
    public var values: [TrackValue] {
        measures + combinedValues + correctionValues + divisionValues + objectValues
    }

    private var combinedValues: [TrackValue] {
        let biologicalMeans = divisions.map {
            (tolerance: $0.tolerance, mean: biologicalMean($0))
        }
        return [
            TrackValue("OP_CSB", Self.mean(segmentation, corrections.detection)),
            TrackValue("OP_CTB", Self.mean(segmentation, corrections.tracking)),
        ] + biologicalMeans.map { TrackValue("BIO(\($0.tolerance))", $0.mean) }
            + biologicalMeans.map {
                TrackValue("OP_CLB(\($0.tolerance))", Self.mean(corrections.linking, $0.mean))
            }
    }

    private var correctionValues: [TrackValue] {
        [
            TrackValue("Valid", resultIssues.isEmpty ? 1 : 0),
            TrackValue("AOGM", corrections.cost),
            TrackValue("AOGM_0", corrections.costFromNothing),
            TrackValue("AOGM_NS", corrections.splits),
            TrackValue("AOGM_FN", corrections.missingObjects),
            TrackValue("AOGM_FP", corrections.superfluousObjects),
            TrackValue("AOGM_ED", corrections.superfluousLinks),
            TrackValue("AOGM_EA", corrections.missingLinks),
            TrackValue("AOGM_EC", corrections.wrongLinks),
        ]
    }

    private var divisionValues: [TrackValue] {
        let count = divisions[0].truePositives + divisions[0].falseNegatives
        return [
            TrackValue("gt_divisions", count),
            TrackValue("Division precision", divisions[0].precision),
            TrackValue("Division recall", divisions[0].recall),
        ]
            + divisions.flatMap {
                [
                    TrackValue("tp_div(\($0.tolerance))", $0.truePositives),
                    TrackValue("fp_div(\($0.tolerance))", $0.falsePositives),
                    TrackValue("fn_div(\($0.tolerance))", $0.falseNegatives),
                ]
            }
    }

    private var objectValues: [TrackValue] {
        [
            TrackValue("TP", objects.truePositives),
            TrackValue("FP", objects.falsePositives),
            TrackValue("FN", objects.falseNegatives),
            TrackValue("IDSW", objects.identitySwitches),
            TrackValue("MULTI-ASSIGNMENTS", objects.multipleAssignments),
            TrackValue("Precision", objects.precision),
            TrackValue("Recall", objects.recall),
            TrackValue("IDP", association.identityPrecision),
            TrackValue("IDR", association.identityRecall),
            TrackValue("IDTP", association.identityTruePositives),
            TrackValue("IDFP", association.identityFalsePositives),
            TrackValue("IDFN", association.identityFalseNegatives),
            TrackValue("MT", association.mostlyTracked),
            TrackValue("ML", association.mostlyLost),
            TrackValue("FAF", objects.falseAlarmsPerFrame),
            TrackValue("Frames", objects.frames),
        ]
    }

    /// The mean of CT, TF, BC(i) and CCA (BIO of the challenge), without those that have no value.
    private func biologicalMean(_ divisions: DivisionCounts) -> Double? {
        let values = [
            biological.completeTracksScore, biological.trackFractions,
            divisions.branchingCorrectness, biological.cellCycleAccuracy,
        ]
        .compactMap(\.self)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private static func mean(_ first: Double?, _ second: Double?) -> Double? {
        guard let first, let second else { return nil }
        return (first + second) / 2
    }
}
