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

    /// Takes a model.
    ///
    /// - Parameter includesDecoder: Whether the decoder for automatic segmentation goes with it.
    public init(_ checkpoint: SAMCheckpoint, includesDecoder: Bool) {
        (self.checkpoint, self.includesDecoder) = (checkpoint, includesDecoder)
        var traits = ModelTraits(metadata: checkpoint.metadata)
        if !includesDecoder { traits.parameters = [:] }
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
        warnOfDetailPath(console)
        try checkpoint.writeTorch(to: URL(filePath: output), includesDecoder: includesDecoder)
        report(output, hasDecoder: includesDecoder && checkpoint.portableDecoder != nil, console)
    }

    /// Writes a file that this program reads.
    ///
    /// - Throws: An error that names the file that cannot be written.
    public func write(to output: String, _ precision: SAMCheckpoint.StoredPrecision, _ console: Console) throws {
        var options = SAMCheckpoint.ConversionOptions()
        (options.precision, options.metadata) = (precision, traits.metadata)
        try checkpoint.write(to: URL(filePath: output), options: options)
        report(output, hasDecoder: includesDecoder && checkpoint.decoder != nil, console)
    }

    /// Writes a package of bioimage.io; Ctrl-C ends it, and then nothing is written.
    ///
    /// - Throws: ``StoppedBySignal`` after Ctrl-C; what making the package throws.
    public func writePackage(
        to output: String,
        _ details: BioimagePackage.Details,
        _ console: Console
    ) async throws {
        warnOfDetailPath(console)
        let package = try BioimagePackage(checkpoint, details)
        try await interruptible(on: .cpu, console, notice: "stopped, nothing is written") {
            try package.write(to: URL(filePath: output), $0)
        }
        report(output, hasDecoder: includesDecoder && checkpoint.portableDecoder != nil, console)
    }

    private func warnOfDetailPath(_ console: Console) {
        guard includesDecoder, checkpoint.decoder != nil, checkpoint.portableDecoder == nil else {
            return
        }
        console.printError(
            "usam: the decoder for automatic segmentation has a detail path, which micro-sam cannot read; "
                + "only the part for prompts is exported"
        )
    }

    private func report(_ output: String, hasDecoder: Bool, _ console: Console) {
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
