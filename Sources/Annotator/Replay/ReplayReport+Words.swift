public import Annotations
import Files
import Foundation

extension ReplayReport {
    /// What was found, in a sentence.
    public var words: String {
        let result =
            isEqual
            ? "the same labels and objects"
            : differentPixels == 0
                ? "the same labels, objects differ"
                : "\(Wording.count(differentPixels, "pixel")) differ"
        guard let lowestOverlap, let meanOverlap else {
            return "\(Wording.count(edits, "edit")) repeated, \(result)"
        }
        let overlaps = [meanOverlap, lowestOverlap].map { String(format: "%.4f", $0) }
        return "\(Wording.count(edits, "edit")) repeated, "
            + "\(Wording.count(remade, "mask")) predicted again (overlap with the stored ones "
            + "\(overlaps[0]) on average, \(overlaps[1]) at least), \(result)"
    }
}
