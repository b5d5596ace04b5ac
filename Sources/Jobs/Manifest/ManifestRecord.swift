import Files
import Foundation
import ModelZoo
public import Prompting

/// The first line of a manifest: how results are made.
public struct ManifestHeader: Codable, Hashable, Sendable {
    /// Tells the lines of a manifest apart.
    public private(set) var record = "header"

    /// The version of this format.
    public private(set) var format = 1

    /// When the run began, ISO 8601.
    public var started: String

    /// The version of the program.
    public var program = ProgramVersion.text

    /// The version of libtorch.
    public var libtorch: String

    /// Where it ran.
    public var machine: MachineDescription

    /// Where the networks ran.
    public var device: String

    /// Threads of one operation.
    public var threads: Int

    /// The arguments of the program, for information.
    public var arguments: [String]

    /// The weights.
    public var model: ManifestModel

    /// Everything else that decides what the results are.
    public var settings: SegmentationSettings

    /// Whether results that were there before the run are replaced.
    public var replacesResults: Bool

    /// Describes a run of this program on this machine.
    public init(
        started: String,
        libtorch: String,
        device: String,
        threads: Int,
        arguments: [String] = [],
        model: ManifestModel,
        settings: SegmentationSettings,
        replacesResults: Bool
    ) {
        self.started = started
        self.libtorch = libtorch
        machine = .current()
        self.device = device
        self.threads = threads
        self.arguments = arguments
        self.model = model
        self.settings = settings
        self.replacesResults = replacesResults
    }
}

/// The weights of a run.
public struct ManifestModel: Codable, Hashable, Sendable {
    /// The name, or the path as the user gave it.
    public var name: String

    /// The kind of network, such as `vit_t`.
    public var architecture: String

    /// The hash of the checkpoint.
    public var hash: String

    /// The file of a decoder of its own, as the user gave it.
    public var decoder: String?

    /// The hash of that file.
    public var decoderHash: String?

    /// Names the weights.
    public init(
        name: String,
        architecture: String,
        hash: String,
        decoder: String? = nil,
        decoderHash: String? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.hash = hash
        self.decoder = decoder
        self.decoderHash = decoderHash
    }

    init(_ files: ModelFiles, architecture: String) throws {
        let own = files.decoder
        self.init(
            name: FileStatus(of: files.name) == nil ? files.name : RunManifest.whole(files.name),
            architecture: architecture,
            hash: try files.signature(),
            decoder: own?.path,
            decoderHash: try own.map { try FileDigest(of: $0, algorithm: .xxh128).description }
        )
    }
}

/// A line of a manifest: a later run that goes on with the work.
public struct ManifestContinuation: Codable, Hashable, Sendable {
    /// Tells the lines of a manifest apart.
    public private(set) var record = "continued"

    /// When it began, ISO 8601.
    public var started: String

    /// The version of the program.
    public var program: String

    /// The version of libtorch.
    public var libtorch: String

    /// Where it ran.
    public var machine: MachineDescription

    /// Where the networks ran.
    public var device: String

    /// Threads of one operation.
    public var threads: Int

    /// What is written for each image from here on; nil for no change.
    public var results: [ResultKind]?

    init(_ header: ManifestHeader) {
        results = header.settings.results
        started = header.started
        program = header.program
        libtorch = header.libtorch
        machine = header.machine
        device = header.device
        threads = header.threads
    }
}

/// A line of a manifest: what became of an image.
@dynamicMemberLookup
public struct ManifestItem: Hashable, Sendable {
    /// A file that was written.
    public struct Output: Codable, Hashable, Sendable {
        /// Its form.
        public let kind: ResultKind

        /// Where it lies; relative to the folder of the manifest if it is in it.
        public let path: String

        /// Its hash.
        public let hash: String
    }

    /// The image, with its whole path.
    public let input: String

    /// The hash of the image.
    public let inputHash: String?

    /// Size of the image file in bytes.
    public let inputBytes: Int?

    /// When the image file was changed last, seconds since 1970.
    public let inputModified: Double?

    /// The files that were written.
    public let outputs: [Output]

    /// How the work ended.
    public let outcome: ImageOutcome

    init(
        _ input: String,
        _ identity: InputIdentity?,
        hash: String?,
        outputs: [Output],
        _ outcome: ImageOutcome
    ) {
        self.input = RunManifest.whole(input)
        inputHash = hash
        inputBytes = identity?.byteCount
        inputModified = identity?.modified
        self.outputs = outputs
        self.outcome = outcome
    }

    /// A part of ``outcome``.
    public subscript<Value>(dynamicMember part: KeyPath<ImageOutcome, Value>) -> Value {
        outcome[keyPath: part]
    }
}

extension ManifestItem: Codable {
    private enum CodingKeys: String, CodingKey {
        case record, input, inputHash, inputBytes, inputModified, outputs
    }

    /// Reads a line.
    public init(from decoder: any Decoder) throws {
        outcome = try ImageOutcome(from: decoder)
        let line = try decoder.container(keyedBy: CodingKeys.self)
        input = try line.decode(String.self, forKey: .input)
        inputHash = try line.decodeIfPresent(String.self, forKey: .inputHash)
        inputBytes = try line.decodeIfPresent(Int.self, forKey: .inputBytes)
        inputModified = try line.decodeIfPresent(Double.self, forKey: .inputModified)
        outputs = try line.decode([Output].self, forKey: .outputs)
    }

    /// The parts of the outcome stand beside the others.
    public func encode(to encoder: any Encoder) throws {
        try outcome.encode(to: encoder)
        var line = encoder.container(keyedBy: CodingKeys.self)
        try line.encode("item", forKey: .record)
        try line.encode(input, forKey: .input)
        try line.encodeIfPresent(inputHash, forKey: .inputHash)
        try line.encodeIfPresent(inputBytes, forKey: .inputBytes)
        try line.encodeIfPresent(inputModified, forKey: .inputModified)
        try line.encode(outputs, forKey: .outputs)
    }
}

/// The machine of a run.
public struct MachineDescription: Codable, Hashable, Sendable {
    /// Operating system and its version.
    public var system: String

    /// The processor, as the system names it.
    public var processor: String

    /// Number of processors that can be used.
    public var cores: Int

    /// Memory in bytes.
    public var memory: Int

    /// This machine.
    public static func current() -> MachineDescription {
        let process = ProcessInfo.processInfo
        return MachineDescription(
            system: process.operatingSystemVersionString,
            processor: processorName() ?? "unknown",
            cores: process.activeProcessorCount,
            memory: Int(clamping: process.physicalMemory)
        )
    }

    private static func processorName() -> String? {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { String($0.drop { $0 == " " }) }
    }
}
