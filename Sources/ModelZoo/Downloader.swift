import Files
public import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Downloads files: resumed where they stopped, checked by their hash, and named only when complete.
public struct Downloader: Sendable {
    /// How patient a download is.
    public struct Options: Hashable, Sendable {
        /// Attempts in a row that may bring nothing before the download fails.
        public var attempts: Int
        /// The wait after the first failure; it doubles with each further one.
        public var firstDelay: Duration
        /// Seconds without any byte after which a connection counts as broken.
        public var idleTimeout: Double

        /// Options; by default five attempts, one second, one minute.
        public init(
            attempts: Int = 5,
            firstDelay: Duration = .seconds(1),
            idleTimeout: Double = 60
        ) {
            self.attempts = attempts
            self.firstDelay = firstDelay
            self.idleTimeout = idleTimeout
        }
    }

    /// How far a download is.
    public struct Progress: Hashable, Sendable {
        /// The registered name of the file.
        public let name: String
        /// Bytes on disk, including those of earlier attempts.
        public let receivedByteCount: Int
        /// Bytes of the whole file, if the server tells.
        public let totalByteCount: Int?
    }

    /// Receives the progress, about ten times per second, from any thread.
    public typealias ProgressHandler = @Sendable (Progress) -> Void

    private let options: Options

    /// A downloader.
    public init(options: Options = Options()) {
        self.options = options
    }

    /// Downloads a file unless it is there already.
    ///
    /// The bytes are collected in `<destination>.part`; this file survives interruptions and is continued by
    /// the next call. When all have arrived and the hash fits, it is renamed. If another program is
    /// downloading the same file, the call waits for it.
    ///
    /// - Throws: ``ModelZooError``, or `CancellationError` when the task is cancelled.
    public func fetch(
        _ file: RegisteredFile,
        to destination: URL,
        progress: ProgressHandler? = nil
    ) async throws {
        if FileManager.default.fileExists(atPath: destination.path) { return }
        do {
            try FileManager.default.createDirectory(
                at: destination.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
        } catch {
            throw ModelZooError.fileFailure(
                file: destination.deletingLastPathComponent().path,
                reason: "the folder cannot be made: \(error.localizedDescription)"
            )
        }
        guard let part = try await claim(destination) else { return }
        defer { if part.byteCount == 0 { part.discard() } }
        let wasResumed = part.byteCount > 0
        try await receive(file, into: part, progress)
        if try part.digest(file.digest.algorithm) != file.digest, wasResumed {
            // The older part may belong to another version of the file: once more from the start.
            try part.clear()
            try await receive(file, into: part, progress)
        }
        let found = try part.digest(file.digest.algorithm)
        guard found == file.digest else {
            part.discard()
            throw ModelZooError.wrongHash(
                file: destination.path,
                expected: file.digest.description,
                found: found.description
            )
        }
        try part.finish()
    }

    /// Opens the partial file, waiting while another program writes it; nil if that one has finished.
    private func claim(_ destination: URL) async throws -> PartialFile? {
        while true {
            try Task.checkCancellation()
            if let part = try PartialFile(for: destination) {
                guard FileManager.default.fileExists(atPath: destination.path) else { return part }
                part.discard()
                return nil
            }
            if FileManager.default.fileExists(atPath: destination.path) { return nil }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    /// Repeats transfers until all bytes are there.
    private func receive(
        _ file: RegisteredFile,
        into part: PartialFile,
        _ progress: ProgressHandler?
    ) async throws {
        var failures = 0
        while true {
            try Task.checkCancellation()
            let before = part.byteCount
            let transfer = Transfer(file: file, part: part, progress: progress)
            guard let failure = try await transfer.run(idleTimeout: options.idleTimeout) else {
                return
            }
            failures = part.byteCount > before ? 1 : failures + 1
            // Without any connection, long waiting helps nobody.
            guard failures < (failure.isOffline ? min(2, options.attempts) : options.attempts)
            else {
                throw ModelZooError.networkFailure(
                    url: file.url,
                    reason: failure.reason,
                    file: part.destination.path,
                    receivedByteCount: part.byteCount
                )
            }
            try await Task.sleep(for: options.firstDelay * (1 << min(failures - 1, 6)))
        }
    }
}
