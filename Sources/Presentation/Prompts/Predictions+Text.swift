import Files
import Foundation
import ImageFormats
public import Jobs
public import Prompting
import Segmentation

extension PredictionDocument {
    /// A table with a row for each mask.
    public var table: String {
        let rows = predictions.map { prediction in
            [
                "\(prediction.id)", prediction.name ?? "", "\(prediction.area)",
                String(format: "%.3f", prediction.score),
                String(format: "%.3f", prediction.stability),
            ]
        }
        let header = ["object", "name", "pixels", "score", "stability"]
        return TextTable(header: header, rows: rows).text
    }
}

extension PredictionReport {
    /// Writes the report as JSON.
    ///
    /// - Throws: ``CommandFailure`` if the file cannot be written.
    public func write(to path: String) throws {
        let text = try JSONText.encode(self)
        try OutputPlan.makeFolder(for: path)
        do {
            try FileReplacement.write(text + "\n", to: path)
        } catch {
            throw CommandFailure("\(path): cannot be written; check space and permissions")
        }
    }
}

extension PromptRun {
    /// What is said of a large image that the model sees as a whole; nil of others.
    public var reductionWarning: String? {
        guard isMuchReduced else { return nil }
        return "usam: \(file): the image of \(plane.size) pixels is reduced to \(ModelFrame.side) "
            + "pixels on the longer side, so small objects may be missed; divide it into tiles"
    }
}
