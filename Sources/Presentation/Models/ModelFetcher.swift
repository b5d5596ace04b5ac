import Files
import Foundation
import Jobs
public import ModelZoo
public import Terminal

/// Brings models and samples to this machine, and shows how far that is.
public struct ModelFetcher: Sendable {
    /// Where models come from.
    public let zoo: ModelZoo

    /// Where progress is shown.
    public let console: Console

    /// Fetches from a zoo.
    public init(zoo: ModelZoo = .standard, console: Console) {
        self.zoo = zoo
        self.console = console
    }

    /// The files of a model, downloaded if they are not here yet.
    public func files(of name: String) async throws -> ModelFiles {
        if zoo.availability(of: name) == .remote {
            console.printError("usam: downloading the model \(name) to \(zoo.folder.path)")
        }
        return try await withDownloadProgress(console) { progress in
            try await zoo.fetch(name, progress: progress)
        }
    }

    /// The same, with a decoder from a file of its own if one is given.
    public func files(of name: String, decoder: String?) async throws -> ModelFiles {
        let files = try await files(of: name)
        guard let decoder else { return files }
        guard FileStatus(of: decoder)?.isFolder == false else {
            throw CommandFailure("\(decoder): the file of --decoder does not exist")
        }
        return files.decoded(by: URL(filePath: decoder))
    }
}

/// Runs a download with a line of progress on the terminal.
public func withDownloadProgress<Result: Sendable>(
    _ console: Console,
    _ download: (@escaping Downloader.ProgressHandler) async throws -> Result
) async throws -> Result {
    let line = SharedLine(console)
    defer { line.clear() }
    return try await download { progress in line.show(progress.text) }
}

extension Downloader.Progress {
    /// `vit_b_lm: 120 MB of 375 MB, 32 %`.
    public var text: String {
        let received = Wording.byteCount(receivedByteCount)
        guard let totalByteCount, totalByteCount > 0 else { return "\(name): \(received)" }
        let percent = receivedByteCount * 100 / totalByteCount
        return "\(name): \(received) of \(Wording.byteCount(totalByteCount)), \(percent) %"
    }
}
