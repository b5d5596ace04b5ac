import Foundation
import ModelZoo
import Prompting
import Torch

/// Versions, devices and folders: what to send along with a question about the program.
struct ProgramDescription: Encodable, Sendable {
    /// Tells descriptions of different things apart.
    let kind = "program"

    /// The version of the program.
    let version = ProgramVersion.text

    /// The version of libtorch that is loaded.
    let libtorch = Engine.version

    /// The devices that can be used.
    let devices = DeviceOptions.available.map(\.description)

    /// Threads that one operation uses unless told otherwise.
    let threads = Engine.threadCount

    /// Where downloaded models and samples lie.
    let cache = CacheFolder.url().path

    /// The file of the embedded model.
    let embeddedModel: String

    /// Looks at this machine.
    ///
    /// - Throws: `ModelZooError` if the embedded model is missing.
    init() throws { embeddedModel = try EmbeddedModel.url().path }

    /// Lines for a person.
    var text: String {
        TextTable(
            rows: [
                ["usam", version], ["libtorch", libtorch],
                ["devices", devices.joined(separator: ", ")], ["threads", "\(threads)"],
                ["cache", cache], ["embedded model", embeddedModel],
            ]
        )
        .text
    }
}
