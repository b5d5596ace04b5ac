import Foundation
package import Prompting

/// The first line of a manifest: how results are made.
package struct ManifestHeader: Codable, Hashable, Sendable {
    /// Tells the lines of a manifest apart.
    package private(set) var record = "header"

    /// The version of this format.
    package private(set) var format = 1

    /// When the run began, ISO 8601.
    package var started: String

    /// The version of the program.
    package var program = ProgramVersion.text

    /// The version of libtorch.
    package var libtorch: String

    /// Where it ran.
    package var machine: MachineDescription

    /// Where the networks ran.
    package var device: String

    /// Threads of one operation.
    package var threads: Int

    /// The arguments of the program, for information.
    package var arguments: [String]

    /// The weights.
    package var model: ManifestModel

    /// Everything else that decides what the results are.
    package var settings: SegmentationSettings

    /// Whether results that were there before the run are replaced.
    package var replacesResults: Bool

    /// Describes a run of this program on this machine.
    package init(
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
package struct ManifestModel: Codable, Hashable, Sendable {
    /// The name, or the path as the user gave it.
    package var name: String

    /// The kind of network, such as `vit_t`.
    package var architecture: String

    /// The hash of the checkpoint.
    package var hash: String

    /// The file of a decoder of its own, as the user gave it.
    package var decoder: String?

    /// The hash of that file.
    package var decoderHash: String?

    /// Names the weights.
    package init(
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
}

/// A line of a manifest: a later run that goes on with the work.
package struct ManifestContinuation: Codable, Hashable, Sendable {
    /// Tells the lines of a manifest apart.
    package private(set) var record = "continued"

    /// When it began, ISO 8601.
    package var started: String

    /// The version of the program.
    package var program: String

    /// The version of libtorch.
    package var libtorch: String

    /// Where it ran.
    package var machine: MachineDescription

    /// Where the networks ran.
    package var device: String

    /// Threads of one operation.
    package var threads: Int

    init(_ header: ManifestHeader) {
        started = header.started
        program = header.program
        libtorch = header.libtorch
        machine = header.machine
        device = header.device
        threads = header.threads
    }
}

/// A line of a manifest: what became of an image.
package struct ManifestItem: Codable, Hashable, Sendable {
    /// A file that was written.
    package struct Output: Codable, Hashable, Sendable {
        /// Its form.
        package var kind: ResultKind

        /// Where it lies; relative to the folder of the manifest if it is in it.
        package var path: String

        /// Its hash.
        package var hash: String
    }

    /// Tells the lines of a manifest apart.
    package private(set) var record = "item"

    /// The image, with its whole path.
    package var input: String

    /// The hash of the image.
    package var inputHash: String?

    /// Size of the image file in bytes.
    package var inputBytes: Int?

    /// When the image file was changed last, seconds since 1970.
    package var inputModified: Double?

    /// How the work ended.
    package var status: FileReport.Status

    /// The files that were written.
    package var outputs: [Output] = []

    /// Number of objects.
    package var objects: Int?

    /// Width of the image in pixels.
    package var width: Int?

    /// Height of the image in pixels.
    package var height: Int?

    /// Number of planes, each of which was segmented for itself.
    package var planes: Int?

    /// How long each step took.
    package var seconds = StageTimes()

    /// What looks odd.
    package var warnings: [String] = []

    /// Why there is no result.
    package var error: String?
}

/// The machine of a run.
package struct MachineDescription: Codable, Hashable, Sendable {
    /// Operating system and its version.
    package var system: String

    /// The processor, as the system names it.
    package var processor: String

    /// Number of processors that can be used.
    package var cores: Int

    /// Memory in bytes.
    package var memory: Int

    /// This machine.
    package static func current() -> MachineDescription {
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
