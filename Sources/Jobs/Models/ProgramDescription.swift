import Foundation
import ModelZoo
import Prompting
import SegmentAnything
import Torch

/// Versions, devices and folders: what to send along with a question about the program.
public struct ProgramDescription: Encodable, Sendable {
    /// Tells descriptions of different things apart.
    public let kind = "program"

    /// The version of the program.
    public let version = ProgramVersion.text

    /// The version of libtorch that is loaded.
    public let libtorch: String

    /// The devices that can be used.
    public let devices: [String]

    /// The processor, as the system names it.
    public let processor = MachineDescription.current().processor

    /// The precisions of the image encoder that pay on this processor.
    public let precisions: [String]

    /// Threads that one operation uses unless told otherwise.
    public let threads: Int

    /// Where downloaded models and samples lie.
    public let cache = CacheFolder.url().path

    /// The file of the embedded model.
    public let embeddedModel: String

    /// Looks at this machine.
    ///
    /// - Throws: `TensorError` without libtorch; `ModelZooError` if the embedded model is missing.
    public init() throws {
        try Engine.load()
        libtorch = Engine.version
        devices = Device.available.map(\.description)
        precisions = ModelBehavior.Precision.allCases.filter { $0.isAvailable(on: .cpu) }
            .map(\.rawValue)
        threads = Engine.threadCount
        embeddedModel = try EmbeddedModel.url().path
    }
}
