import Files
import Foundation
import Prompting

/// The manifest of a single result of prompts: where it came from, and by what it is recognised as a result.
struct PromptRecord: Codable, Hashable, Sendable {
    /// Tells it from the first line of a run.
    static let kind = "prompts"

    private(set) var record = Self.kind
    private(set) var format = 1
    private(set) var program = ProgramVersion.text

    /// The name of the model.
    let model: String

    /// The image, with its whole path.
    let image: String

    /// The hash of the image.
    let imageHash: String

    /// The label image, relative to the folder of the manifest.
    let labels: String

    /// Other results: a picture, predictions.
    let others: [String]

    /// Describes results.
    init(_ labels: String, others: [String], of image: String, model: String) throws {
        self.model = model
        self.image = RunManifest.whole(image)
        imageHash = try ContentDigest.digest(of: image)
        self.labels = FileName.last(of: labels)
        let folder = FileName.folder(of: RunManifest.whole(labels))
        self.others = others.map { file in
            let whole = RunManifest.whole(file)
            return FileName.folder(of: whole) == folder ? FileName.last(of: whole) : whole
        }
    }

    /// Reads one; nil for what is none.
    init?(at path: String) {
        guard let data = try? Data(contentsOf: URL(filePath: path)), data.count < 1 << 20,
            let record = try? JSONText.decode(PromptRecord.self, from: data),
            record.record == Self.kind
        else { return nil }
        self = record
    }

    /// Writes it beside the label image.
    func write(beside labels: String) throws {
        try FileReplacement.write(try JSONText.encodeLine(self) + "\n", to: Self.path(labels))
    }

    /// Where the manifest of a label image lies.
    static func path(_ labels: String) -> String {
        let stem = ResultKind.recognized(in: labels)?.stem ?? labels
        return "\(stem).\(RunManifest.fileName)"
    }
}
