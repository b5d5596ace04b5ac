import Foundation
import Jobs
import Prompting
package import Training

/// What a command asked for, by which a run is recognised when it goes on.
package struct TrainingRequest: Codable, Hashable, Sendable {
    /// All image files, from the root.
    package var images: [String] = []
    /// All label files.
    package var labels: [String] = []
    /// Image files for validation.
    package var validationImages: [String] = []
    /// Label files for validation.
    package var validationLabels: [String] = []
    /// The text of the recipe, if there is one.
    package var recipe: String?
    /// The hash of the start model.
    package var modelHash: String
    /// The hash of its own decoder file.
    package var decoderHash: String?
    /// The preset.
    package var preset: TrainingPreset
    /// What the user decided, without limits.
    package var choices: TrainingChoices

    /// What differs in another request, a few words each; what may differ is left out.
    package func changes(in other: TrainingRequest) throws -> [String] {
        func lists(_ name: String, _ old: [String], _ new: [String]) -> [String] {
            guard old != new else { return [] }
            return [
                old.count == new.count
                    ? "other \(name)" : "\(name): \(old.count) files, now \(new.count)"
            ]
        }
        var result =
            lists("images", images, other.images) + lists("labels", labels, other.labels)
            + lists("validation images", validationImages, other.validationImages)
            + lists("validation labels", validationLabels, other.validationLabels)
        if recipe != other.recipe { result.append("another recipe") }
        if modelHash != other.modelHash || decoderHash != other.decoderHash {
            result.append("another start model")
        }
        if preset != other.preset {
            result.append("preset: \(preset.rawValue), now \(other.preset.rawValue)")
        }
        var (old, new) = (choices, other.choices)
        old.limits = TrainingChoices.Limits()
        new.limits = old.limits
        return result + (try ManifestDifference.all(old, new).map(\.description))
    }
}

/// The file in the folder of a run that says what is trained on what, and how.
package struct TrainingRecord: Codable, Hashable, Sendable {
    /// The form of the file.
    package var format = 1
    /// The program that began the run.
    package var version = ProgramVersion.text
    /// Name of the start model, or its file from the root.
    package var model: String
    /// A file with its decoder.
    package var decoder: String?
    /// What was asked for.
    package var request: TrainingRequest
    /// How is trained.
    package var training: TrainingOptions
    /// The samples.
    package var files: TrainingFiles
    /// Minutes of training in all, or nil without such a limit.
    package var minutes: Double?
    /// What was chosen and why.
    package var reasons: [String]
    /// What looked odd.
    package var warnings: [String]

    /// Name of the file.
    package static let fileName = "run.json"

    /// Takes other limits, where some are given.
    package mutating func take(_ limits: TrainingChoices.Limits) {
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
    /// - Throws: ``CommandFailure`` if it can not be read.
    package init(in folder: String) throws {
        let file = "\(folder)/\(Self.fileName)"
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: file)))
        } catch {
            throw CommandFailure(
                "\(file): the record of the run can not be read; --force begins anew"
            )
        }
    }

    /// Describes a run that begins.
    package init(
        model: String,
        decoder: String?,
        request: TrainingRequest,
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
    package func write(in folder: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = "\(folder)/\(Self.fileName)"
        do {
            try encoder.encode(self).write(to: URL(filePath: file), options: .atomic)
        } catch {
            throw CommandFailure("\(file): can not be written: \(error.localizedDescription)")
        }
    }
}
