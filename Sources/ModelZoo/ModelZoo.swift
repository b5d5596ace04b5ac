public import Files
public import Foundation

/// The files of a model on this machine.
public struct ModelFiles: Hashable, Sendable {
    /// The name it was asked for by: a registered name, or a path.
    public let name: String
    /// The checkpoint.
    public let model: URL
    /// A checkpoint of its own for the decoder, if there is one.
    public let decoder: URL?
    /// The registered hash of the model; nil for a file of the user's.
    public let digest: FileDigest?

    /// Names the files.
    public init(name: String, model: URL, decoder: URL? = nil, digest: FileDigest? = nil) {
        self.name = name
        self.model = model
        self.decoder = decoder
        self.digest = digest
    }

    /// The same model with a decoder from a file of its own; nil changes nothing.
    public func decoded(by decoder: URL?) -> ModelFiles {
        ModelFiles(name: name, model: model, decoder: decoder ?? self.decoder, digest: digest)
    }

    /// The hash of the model as micro-sam writes it into embedding files, `xxh128:…`.
    ///
    /// For a registered model this costs nothing; any other file is read once.
    public func signature() throws(ModelZooError) -> String {
        if let digest { return digest.description }
        return try FileDigest(ofModel: model, algorithm: .xxh128).description
    }
}

/// Finds models by name or path, and fetches the official ones.
///
/// ```swift
/// let files = try ModelZoo.standard.locate("usam-tiny")
/// let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
/// ```
public struct ModelZoo: Sendable {
    /// The models known by name.
    public let registry: ModelRegistry
    /// Where downloaded models lie.
    public let folder: URL

    private let downloader: Downloader

    /// The official models in the cache folder shared with micro-sam.
    public static var standard: ModelZoo { ModelZoo(cache: CacheFolder.url()) }

    /// A zoo with its own cache.
    ///
    /// - Parameters:
    ///   - cache: The cache folder; models lie in its sub-folder `models`.
    ///   - registry: The models known by name.
    ///   - downloader: How files are fetched.
    public init(
        cache: URL,
        registry: ModelRegistry = .official,
        downloader: Downloader = Downloader()
    ) {
        self.registry = registry
        self.downloader = downloader
        folder = cache.appendingPathComponent("models", isDirectory: true)
    }

    /// Whether a model is on this machine.
    public enum Availability: Hashable, Sendable {
        /// It ships with the program.
        case embedded
        /// It was downloaded, with its decoder where there is one.
        case downloaded(byteCount: Int)
        /// It would have to be fetched.
        case remote
    }

    /// Where a file of the registry lies, or would lie.
    public func location(of file: RegisteredFile) -> URL {
        folder.appendingPathComponent(file.name)
    }

    /// Whether the named model is on this machine; nil for an unknown name.
    public func availability(of name: String) -> Availability? {
        guard let model = registry[name] else { return nil }
        guard model.file != nil else { return .embedded }
        var total = 0
        for file in model.files {
            guard let size = byteCount(of: location(of: file)) else { return .remote }
            total += size
        }
        return .downloaded(byteCount: total)
    }

    /// Finds the files of a model without using the network.
    ///
    /// - Parameter nameOrPath: A name of the registry, or the path of a checkpoint. A name
    ///   wins over a file of the same name in the working folder; `./name` means the file.
    /// - Parameter requiresDecoder: Whether a registered decoder must be there, too. If not, and only the
    ///   model was downloaded, the result has no decoder.
    /// - Throws: ``ModelZooError/notDownloaded(name:file:url:)`` for a model that has to be fetched first,
    ///   ``ModelZooError/unknownName(_:suggestions:)`` if there is no such model or file.
    public func locate(
        _ nameOrPath: String,
        requiresDecoder: Bool = true
    ) throws(ModelZooError) -> ModelFiles {
        if let model = registry[nameOrPath] {
            for file in requiresDecoder ? model.files[...] : model.files.prefix(1)
            where byteCount(of: location(of: file)) == nil {
                throw .notDownloaded(name: model.name, file: location(of: file).path, url: file.url)
            }
            return try files(of: model)
        }
        let url = URL(fileURLWithPath: nameOrPath)
        guard byteCount(of: url) != nil else {
            throw .unknownName(nameOrPath, suggestions: suggestions(for: nameOrPath))
        }
        return ModelFiles(name: nameOrPath, model: url)
    }

    /// Finds the files of a model, and downloads what is missing.
    ///
    /// - Parameters:
    ///   - nameOrPath: As for ``locate(_:requiresDecoder:)``.
    ///   - progress: Told about the download as it goes on, from any thread.
    /// - Throws: ``ModelZooError``, or `CancellationError` when the task is cancelled.
    public func fetch(
        _ nameOrPath: String,
        progress: Downloader.ProgressHandler? = nil
    ) async throws -> ModelFiles {
        for file in registry[nameOrPath]?.files ?? [] {
            try await downloader.fetch(file, to: location(of: file), progress: progress)
        }
        return try locate(nameOrPath)
    }

    /// Compares the files of a downloaded model with the hashes of the registry.
    ///
    /// - Throws: ``ModelZooError/wrongHash(file:expected:found:)`` for the first file that differs.
    public func verify(_ name: String) throws(ModelZooError) {
        _ = try locate(name)
        for file in registry[name]?.files ?? [] {
            let found = try FileDigest(
                ofModel: location(of: file),
                algorithm: file.digest.algorithm
            )
            guard found == file.digest else {
                throw .wrongHash(
                    file: location(of: file).path,
                    expected: file.digest.description,
                    found: found.description
                )
            }
        }
    }

    /// The files of a model whose weights are here.
    private func files(of model: RegisteredModel) throws(ModelZooError) -> ModelFiles {
        guard let file = model.file else {
            return ModelFiles(name: model.name, model: try EmbeddedModel.url())
        }
        return ModelFiles(
            name: model.name,
            model: location(of: file),
            decoder: model.decoder.map(location(of:)).flatMap {
                byteCount(of: $0) == nil ? nil : $0
            },
            digest: file.digest
        )
    }

    /// The size of a regular file, nil if there is none.
    private func byteCount(of url: URL) -> Int? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            !isFolder.boolValue
        else { return nil }
        // A file that vanishes between the two calls counts as absent.
        let attributes = try? FileManager.default.attributesOfItem(atPath: url.path)
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    /// Up to three registered names that differ from `name` in few letters.
    private func suggestions(for name: String) -> [String] {
        let wanted = Array(name.lowercased().replacing("-", with: "_").utf8.prefix(64))
        let close = registry.models.map(\.name).map { candidate in
            let letters = Array(candidate.replacing("-", with: "_").utf8)
            return (candidate, ModelZoo.editDistance(wanted, letters))
        }.filter { $0.1 <= 3 }.sorted { $0.1 < $1.1 }
        return close.prefix(3).map { "'\($0.0)'" }
    }

    /// Letters to insert, remove or replace to get from one text to the other.
    private static func editDistance(_ first: [UInt8], _ second: [UInt8]) -> Int {
        var row = Array(0...second.count)
        for (i, letter) in first.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in second.enumerated() {
                let replaced = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[second.count]
    }
}
