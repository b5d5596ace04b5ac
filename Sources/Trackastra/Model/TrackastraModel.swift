import Checkpoints
import Files
public import Foundation
public import Torch
package import TorchNN

/// A model of Trackastra: its transformer with weights, and what it was made for.
///
/// The official models are zip archives of a folder with `config.yaml`, `train_config.yaml` and `model.pt`. Weights are read without
/// executing anything.
public struct TrackastraModel: Sendable {
    /// The hyper-parameters.
    public let configuration: TrackastraConfiguration

    /// Whether the model sees features of objects; their positions it always sees.
    public let usesFeatures: Bool

    /// Where the transformer runs.
    public let device: Device

    let transformer: TrackingTransformer

    /// Opens a folder, or a zip archive of one.
    ///
    /// - Parameters:
    ///   - url: A folder with the three files, or an archive that has them at its top or in its only folder.
    ///   - device: Where the transformer runs.
    /// - Throws: ``TrackastraError``.
    public init(contentsOf url: URL, on device: Device = .cpu) throws(TrackastraError) {
        let files = try ModelFolder(url)
        try self.init(
            configuration: files.text("config.yaml"),
            training: files.text("train_config.yaml"),
            weights: files.storage("model.pt"),
            place: url.path,
            on: device
        )
    }

    private init(
        configuration text: String,
        training: String,
        weights: ByteStorage,
        place: String,
        on device: Device
    ) throws(TrackastraError) {
        let configuration = try TrackastraConfiguration(
            yaml: text,
            file: "\(place)/config.yaml"
        )
        let trained = try FlatYAML(training, file: "\(place)/train_config.yaml")
        let features = trained["features"] ?? "wrfeat"
        guard configuration.spatialDimensions == 2 else {
            throw .volumes(file: "\(place)/config.yaml")
        }
        let expected = ["wrfeat": 7, "none": 0][features]
        guard let expected else {
            throw .unknownFeatures(features, file: "\(place)/train_config.yaml")
        }
        guard configuration.featureDimensions == expected else {
            throw .invalidConfiguration(
                file: "\(place)/config.yaml",
                problem:
                    "feat_dim is \(configuration.featureDimensions), and the features '\(features)' are \(expected)"
            )
        }
        let checkpoint: Checkpoint
        do throws(CheckpointError) {
            checkpoint = try Checkpoint(weights)
        } catch {
            throw .checkpoint(error)
        }
        let entries = Dictionary(checkpoint.tensors.map { ($0.name, $0) }) { first, _ in first }
        try self.init(configuration, CheckpointParameters(entries, name: weights.name), on: device)
    }

    /// Builds a model from weights that are already there.
    package init(
        _ configuration: TrackastraConfiguration,
        _ parameters: any ParameterSource,
        on device: Device = .cpu
    ) throws(TrackastraError) {
        self.configuration = configuration
        usesFeatures = configuration.featureDimensions > 0
        self.device = device
        let store = ParameterStore(parameters, on: device)
        do throws(ParameterError) {
            transformer = try TrackingTransformer(from: store.root, configuration)
            try store.requireAllClaimed()
        } catch {
            throw .parameters(error)
        }
    }
}

/// The files of a model, in a folder or in an archive of one.
private struct ModelFolder {
    /// No model has files of more bytes when they are unpacked.
    private static let largest = 1 << 32

    private let url: URL
    private let archive: ZipArchive?

    init(_ url: URL) throws(TrackastraError) {
        self.url = url
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder),
            isFolder.boolValue
        {
            archive = nil
            return
        }
        let storage = try Self.map(url)
        do throws(ZipError) {
            archive = try ZipArchive(storage)
        } catch {
            throw .archive(error)
        }
    }

    func storage(_ name: String) throws(TrackastraError) -> ByteStorage {
        guard let archive else {
            let file = url.appendingPathComponent(name)
            guard FileManager.default.fileExists(atPath: file.path) else {
                throw .missingFile(name, place: url.path)
            }
            return try Self.map(file)
        }
        let found = archive.entries.filter { entry in
            let parts = entry.name.split(separator: "/")
            return parts.last.map(String.init) == name && parts.count <= 2
        }
        guard let entry = found.first, found.count == 1 else {
            throw .missingFile(name, place: url.path)
        }
        do throws(ZipError) {
            var budget = Self.largest
            let bytes = try archive.bytes(of: entry, budget: &budget)
            return ByteStorage(copying: bytes, name: "\(url.path)/\(entry.name)")
        } catch {
            throw .archive(error)
        }
    }

    func text(_ name: String) throws(TrackastraError) -> String {
        let storage = try storage(name)
        return withExtendedLifetime(storage) { String(decoding: storage.bytes, as: UTF8.self) }
    }

    private static func map(_ url: URL) throws(TrackastraError) -> ByteStorage {
        do throws(FileError) {
            return try ByteStorage(mapping: url.path)
        } catch {
            throw .file(error)
        }
    }
}
