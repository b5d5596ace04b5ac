import Evaluation
public import Files
import Foundation
public import Judging

extension LabelsScore {
    /// Means over the images, as people read them.
    public static func meansTable(
        _ scores: [LabelsScore],
        hasOwnThresholds: Bool
    ) -> TextTable {
        let means = means(scores, hasOwnThresholds: hasOwnThresholds)
        return TextTable(
            header: ["images"] + means.map(\.name),
            rows: [["\(scores.count)"] + means.map { .init(format: "%.4f", $0.value) }]
        )
    }
}
