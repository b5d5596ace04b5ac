import Files
import Foundation
public import ImageFormats

/// The folder where the measurements of each image are kept, so that a run can be continued.
public struct JudgementStore: Sendable {
    /// What the measurements depend on; a run that differs in it must not be mixed with this one.
    public struct Conditions: Codable, Hashable, Sendable {
        /// Hashes of the weights, and how the networks behave.
        public var model: String

        /// What was asked.
        public var settings: JudgeSettings

        /// How files are read.
        public var reading: AnnotatedImage.ReadingOptions

        /// Combines them.
        public init(
            model: String,
            settings: JudgeSettings,
            reading: AnnotatedImage.ReadingOptions
        ) {
            self.model = model
            self.settings = settings
            self.reading = reading
        }
    }

    private let folder: URL

    private static let ending = ".image.json"

    /// Opens a folder for a run.
    ///
    /// - Parameters:
    ///   - path: The folder; it is made.
    ///   - conditions: What the measurements of the run depend on.
    ///   - replaces: Whether the measurements of the folder are removed.
    /// - Throws: ``JudgingError`` if the folder holds measurements under other conditions.
    public init(_ path: String, _ conditions: Conditions, replaces: Bool = false) throws {
        folder = URL(filePath: path)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw JudgingError.folderNotMade(folder: path)
        }
        let text = try JSONText.encode(conditions, keys: .asDeclared)
        let file = ConditionsFile(folder: path, kind: .judgements)
        if replaces {
            removeMeasurements()
        } else {
            try file.check(text, hasMeasurements: !measurements.isEmpty)
        }
        try file.write(text)
    }

    private var measurements: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
            .filter { $0.hasSuffix(Self.ending) }
    }

    private func removeMeasurements() {
        for name in measurements {
            try? FileManager.default.removeItem(at: folder.appending(path: name))
        }
    }

    private func file(_ name: String) -> URL { folder.appending(path: name + Self.ending) }

    /// The measurements of an image, if they were made before.
    public func judgement(of name: String) -> ImageJudgement? {
        // What cannot be read is measured again.
        guard let data = try? Data(contentsOf: file(name)) else { return nil }
        return try? JSONText.decode(ImageJudgement.self, from: data, keys: .asDeclared)
    }

    /// Keeps the measurements of an image.
    public func save(_ judgement: ImageJudgement) throws {
        let text = try JSONText.encodeLine(judgement, keys: .asDeclared)
        do {
            try FileReplacement.write(text, to: file(judgement.name).path)
        } catch {
            throw JudgingError.notWritten(file: file(judgement.name).path)
        }
    }
}
