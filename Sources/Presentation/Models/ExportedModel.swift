public import Checkpoints
import Files
import Foundation
import Jobs
import ModelZoo
import Prompting
import Segmentation
public import Terminal
import Torch
public import Training

/// A model on its way to other programs, and what the user has to know of it.
public struct ExportedModel: Sendable {
    private let checkpoint: SAMCheckpoint
    private let traits: ModelTraits
    private let includesDecoder: Bool
    private let hasDecoder: Bool

    /// Takes a model.
    ///
    /// - Parameters:
    ///   - includesDecoder: Whether the decoder for automatic segmentation is to go with it.
    ///   - isPortable: Whether the file is for other programs, which cannot read every decoder.
    public init(_ checkpoint: SAMCheckpoint, includesDecoder: Bool, isPortable: Bool) {
        (self.checkpoint, self.includesDecoder) = (checkpoint, includesDecoder)
        let decoder = isPortable ? checkpoint.portableDecoder : checkpoint.decoder
        hasDecoder = includesDecoder && decoder != nil
        var traits = ModelTraits(metadata: checkpoint.metadata)
        if !hasDecoder { traits.parameters = [:] }
        self.traits = traits
    }

    /// Says what other programs do not see in the file.
    public func warn(_ console: Console) {
        for warning in checkpoint.allWarnings { console.printError("usam: \(warning)") }
        if let adapter = checkpoint.adapter {
            let rank = adapter.rank.map { ", rank: \($0)" } ?? ""
            console.printError(
                "usam: the model has adapters (\(adapter.method.rawValue)\(rank)); micro-sam loads it "
                    + "only with the same peft_kwargs"
            )
        }
        if includesDecoder, checkpoint.decoder != nil, !hasDecoder {
            console.printError(
                "usam: the decoder for automatic segmentation has a detail path, which micro-sam cannot read; "
                    + "only the part for prompts is exported"
            )
        }
        guard !traits.parameters.isEmpty else { return }
        let values = traits.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        console.printError(
            "usam: the best parameters of automatic segmentation, which micro-sam does not read from the "
                + "file: \(values.joined(separator: ", "))"
        )
    }

    /// Writes a file as PyTorch has it.
    ///
    /// - Throws: An error that names the file that cannot be written.
    public func writeTorch(to output: String, _ console: Console) throws {
        try checkpoint.writeTorch(to: URL(filePath: output), includesDecoder: includesDecoder)
        report(output, console)
    }

    /// Writes a file that this program reads.
    ///
    /// - Throws: An error that names the file that cannot be written.
    public func write(
        to output: String,
        _ precision: SAMCheckpoint.StoredPrecision,
        _ console: Console
    ) throws {
        var options = SAMCheckpoint.ConversionOptions()
        options.precision = precision
        options.metadata = traits.replacing(in: checkpoint.origin)
        try checkpoint.write(to: URL(filePath: output), options: options)
        report(output, console)
    }

    /// Writes a package of bioimage.io; Ctrl-C ends it, and then nothing is written.
    ///
    /// - Throws: ``StoppedBySignal`` after Ctrl-C; what making the package throws.
    public func writePackage(
        to output: String,
        _ details: BioimagePackage.Details,
        _ console: Console
    ) async throws {
        let package = try BioimagePackage(checkpoint, details)
        try await interruptible(on: .cpu, console, notice: "stopped, nothing is written") {
            try package.write(to: URL(filePath: output), $0)
        }
        report(output, console)
    }

    private func report(_ output: String, _ console: Console) {
        let size = Wording.byteCount(FileStatus(of: output)?.byteCount ?? 0)
        console.print(
            "\(output): \(checkpoint.architecture.modelType) \(hasDecoder ? "with" : "without") decoder, \(size)"
        )
    }
}

extension ModelFetcher {
    /// The checkpoint of a model; of adapters alone, with the weights that they were trained on.
    ///
    /// - Parameters:
    ///   - base: The model that adapters complete; nil for none.
    ///   - output: A file that is about to be written.
    ///   - replaces: Whether it may replace another one.
    /// - Throws: `OutputPlanError` if the output is one of the inputs; what fetching and reading throw.
    public func checkpoint(
        of model: String,
        base: String?,
        for output: String,
        replacing replaces: Bool
    ) async throws -> SAMCheckpoint {
        let files = try await files(of: model)
        var start: ModelFiles?
        if let base { start = try await self.files(of: base) }
        let inputs = [files.model, files.decoder, start?.model].compactMap { $0?.path }
        try OutputPlan.requireFree(output, besides: inputs, replacing: replaces)
        let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        guard let start else { return checkpoint }
        return try checkpoint.completed(by: SAMCheckpoint(contentsOf: start.model))
    }
}
