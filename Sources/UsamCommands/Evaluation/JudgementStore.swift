import Files
import Foundation

/// The folder where the measurements of each image are kept, so that a run can be continued.
struct JudgementStore {
    /// What the measurements depend on; a run that differs in it must not be mixed with this one.
    struct Conditions: Codable, Equatable {
        /// Path, size and time of the checkpoint, and how the networks behave.
        var model: String

        /// What was asked.
        var settings: JudgeSettings
    }

    let folder: URL

    private var conditionsFile: URL { folder.appending(path: "settings.json") }

    /// Opens a folder for a run.
    ///
    /// - Parameter replaces: Whether measurements under other conditions are removed.
    /// - Throws: ``CommandFailure`` if the folder holds measurements under other conditions.
    init(_ path: String, _ conditions: Conditions, replaces: Bool) throws {
        folder = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw CommandFailure("\(path): the folder for results can not be made")
        }
        let text = Data(try JSONText.encode(conditions, keys: .asDeclared).utf8)
        if let known = try? Data(contentsOf: conditionsFile), known != text {
            guard replaces else {
                throw CommandFailure(
                    "\(path): the folder holds results of another model or of other settings "
                        + "(settings.json); choose another folder, or give --force to replace them"
                )
            }
            removeMeasurements()
        } else if replaces {
            removeMeasurements()
        }
        try FileReplacement.write(Array(text), to: conditionsFile.path)
    }

    private func removeMeasurements() {
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: folder.path)) ?? []
        where name.hasSuffix(".image.json") {
            try? files.removeItem(at: folder.appending(path: name))
        }
    }

    private func file(_ name: String) -> URL { folder.appending(path: "\(name).image.json") }

    /// The measurements of an image, if they were made before.
    func judgement(of name: String) -> ImageJudgement? {
        guard let data = try? Data(contentsOf: file(name)) else { return nil }
        return try? JSONDecoder().decode(ImageJudgement.self, from: data)
    }

    /// Keeps the measurements of an image.
    func save(_ judgement: ImageJudgement) throws {
        let text = try JSONEncoder().encode(judgement)
        try FileReplacement.write(Array(text), to: file(judgement.name).path)
    }
}
