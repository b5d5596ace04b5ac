public import Files
public import Foundation

/// The content of a file of weights: named tensors, and the values around them.
///
/// Opening maps the file and reads its directory; the numbers stay on disk until they are asked for.
/// Reading never executes anything: PyTorch files go through a machine that understands the pickle
/// instructions but knows only tensors, numbers, texts and containers (see <doc:Checkpoints>).
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: url)
/// for tensor in checkpoint.tensors { print(tensor.name, tensor.shape) }
/// ```
public struct Checkpoint: Sendable {
    /// The kinds of file that can be read.
    public enum Format: String, Codable, Hashable, Sendable {
        /// A safetensors file.
        case safetensors
        /// A PyTorch file in the form of a zip archive (PyTorch 1.6 and later).
        case torchArchive
        /// A PyTorch file of the form before version 1.6: several pickles, then the raw numbers.
        case torchLegacy
    }

    /// The file, or its name if it was read from memory.
    public let file: String
    /// The kind of file.
    public let format: Format
    /// What the file holds.
    ///
    /// For safetensors a dictionary of tensors.
    public let root: CheckpointValue
    /// Texts stored beside the tensors in safetensors files.
    public let metadata: [String: String]
    /// What was left out or looks odd, one sentence each.
    public let warnings: [String]

    /// Opens a file; its kind is recognised by its content, not by its name.
    ///
    /// - Parameter url: A file URL.
    /// - Throws: ``CheckpointError``.
    public init(contentsOf url: URL) throws(CheckpointError) {
        let storage: ByteStorage
        do throws(FileError) {
            storage = try ByteStorage(mapping: url.path)
        } catch {
            throw CheckpointError(reading: error)
        }
        try self.init(storage)
    }

    /// Reads a checkpoint from memory or from a mapped file.
    ///
    /// - Parameter storage: The whole file.
    /// - Throws: ``CheckpointError``.
    public init(_ storage: ByteStorage) throws(CheckpointError) {
        file = storage.name
        format = try Checkpoint.recognize(storage)
        switch format {
        case .safetensors:
            let content = try SafetensorsReader.read(storage)
            root = .dictionary(content.tensors)
            metadata = content.metadata
            warnings = []
        case .torchArchive:
            let content = try TorchArchive.read(storage)
            (root, metadata, warnings) = (content.root, [:], content.warnings)
        case .torchLegacy:
            let content = try TorchLegacyFile.read(storage)
            (root, metadata, warnings) = (content.root, [:], content.warnings)
        }
    }

    /// All tensors in the order of the file.
    ///
    /// Names of nested ones are joined with dots.
    public var tensors: [TensorEntry] {
        var found: [TensorEntry] = []
        Checkpoint.collect(root, path: "", into: &found)
        return found
    }

    private static func collect(
        _ value: CheckpointValue,
        path: String,
        into found: inout [TensorEntry]
    ) {
        func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
        switch value {
        case .tensor(let entry):
            found.append(path.isEmpty ? entry : entry.renamed(path))
        case .dictionary(let dictionary):
            for key in dictionary.keys {
                if let child = dictionary[key] { collect(child, path: join(key), into: &found) }
            }
        case .list(let values):
            for (index, child) in values.enumerated() {
                collect(child, path: join(String(index)), into: &found)
            }
        default: break
        }
    }

    /// Tells the kind of file from its first bytes.
    private static func recognize(_ storage: ByteStorage) throws(CheckpointError) -> Format {
        let bytes = storage.bytes
        guard storage.count >= 10 else {
            throw .truncated(
                file: storage.name,
                what: "a checkpoint",
                needed: 10,
                available: storage.count
            )
        }
        let start = [UInt8](bytes.prefix(16))
        if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]) {
            return .torchArchive
        }
        if TorchLegacyFile.hasMagic(start) { return .torchLegacy }
        if start[8] == UInt8(ascii: "{") { return .safetensors }
        throw .unsupported(
            file: storage.name,
            what: "a file that \(impression(of: start))",
            advice: "Give a PyTorch checkpoint (.pt, .pth) or a safetensors file."
        )
    }

    private static func impression(of start: [UInt8]) -> String {
        let text = String(decoding: start, as: UTF8.self)
        if text.hasPrefix("<") { return "looks like a web page (was the download an error page?)" }
        if text.hasPrefix("version https:") {
            return "is a Git LFS pointer (run 'git lfs pull' to get the weights)"
        }
        if start.starts(with: [0x89, 0x48, 0x44, 0x46]) { return "is an HDF5 file" }
        if start[0] == 0x80 { return "is a plain pickle without PyTorch's header" }
        return "is neither a PyTorch file nor a safetensors file"
    }
}
