import Files
import Foundation
import Prompting

/// What is trained on what, and how: a file in the folder of a run.
public struct TrainingRecord: Codable, Hashable, Sendable {
    /// The form of the file.
    public var format = 1
    /// The program that began the run.
    public var version = ProgramVersion.text
    /// Name of the start model, or its file from the root.
    public var model: String
    /// A file with its decoder.
    public var decoder: String?
    /// What was asked for.
    public var request: Request
    /// How is trained.
    public var training: TrainingOptions
    /// The samples.
    public var files: TrainingFiles
    /// Minutes of training in all, or nil without such a limit.
    public var minutes: Double?
    /// What was chosen and why.
    public var reasons: [TrainingReason]
    /// What looked odd.
    public var warnings: [TrainingWarning]

    /// Name of the file.
    public static let fileName = "run.json"

    /// Takes other limits, where some are given.
    mutating func take(_ limits: TrainingChoices.Limits) {
        if let minutes = limits.minutes { self.minutes = minutes }
        if let iterations = limits.iterations { training.iterations = iterations }
        if let epochs = limits.epochs {
            training.epochs = epochs
            if limits.iterations == nil { training.iterations = nil }
        }
        if let patience = limits.earlyStopping {
            training.earlyStopping = patience > 0 ? patience : nil
        }
        if let interval = limits.keepsEveryEpochs { training.keepsEveryEpochs = interval }
    }

    /// Reads the record of a run.
    ///
    /// - Throws: ``TrainingRunError`` if it cannot be read.
    public init(in folder: String) throws(TrainingRunError) {
        let file = "\(folder)/\(Self.fileName)"
        do {
            self = try JSONText.decode(
                Self.self,
                from: Data(contentsOf: URL(filePath: file)),
                keys: .asDeclared
            )
        } catch {
            throw .unreadableRecord(file: file)
        }
    }

    /// Describes a run that begins.
    init(
        model: String,
        decoder: String?,
        request: Request,
        training: TrainingOptions,
        files: TrainingFiles
    ) {
        self.model = model
        self.decoder = decoder
        self.request = request
        self.training = training
        self.files = files
        reasons = []
        warnings = []
    }

    /// Writes the record; an existing one is replaced when the new one is complete.
    func write(in folder: String) throws {
        let file = "\(folder)/\(Self.fileName)"
        let text = try JSONText.encode(self, keys: .asDeclared)
        do throws(FileError) {
            try FileReplacement.write(text, to: file)
        } catch {
            throw TrainingRunError.inaccessible(
                path: file,
                reason: "cannot be written: \(error.reason)"
            )
        }
    }
}
