import ArgumentParser
import Files
import Foundation
import Zarr

/// The images whose embeddings are computed, and the folder of each store.
package struct EmbeddingPlan: Equatable {
    /// One image and its store.
    package struct Item: Equatable {
        /// The image.
        package let input: String
        /// The folder of the store.
        package let output: String
    }

    /// The images in order.
    package let items: [Item]

    /// Decides all names before any work starts: one image goes to a name that ends in `.zarr`,
    /// otherwise every image to `NAME.zarr` in the folder.
    ///
    /// - Throws: `ValidationError` if several images would share a store; ``CommandFailure`` if a store
    ///   would replace an image.
    package init(_ inputs: InputList, output: String) throws {
        guard !output.isEmpty else { throw ValidationError("The output has an empty name.") }
        let namesStore = output.hasSuffix(".zarr") || output.hasSuffix(".zarr/")
        if namesStore {
            guard inputs.isSingleFile else {
                throw ValidationError(
                    "Several images can not share one store; "
                        + "name a folder instead of '\(output)', without .zarr at its end."
                )
            }
            items = inputs.paths.map { Item(input: $0, output: FileName.trimmed(output)) }
        } else {
            // A folder may hold both images and their stores.
            let paths =
                inputs.isSingleFile ? inputs.paths : inputs.paths.filter { !Self.isStore($0) }
            items = paths.map {
                let name = FileName.stem($0) + ".zarr"
                return Item(input: $0, output: FileName.join(FileName.trimmed(output), name))
            }
        }
        var owners: [String: String] = [:]
        for item in items {
            if let other = owners.updateValue(item.input, forKey: item.output) {
                throw CommandFailure(
                    "'\(other)' and '\(item.input)' would both be stored in '\(item.output)'; "
                        + "rename one, or name different folders"
                )
            }
            let (input, store) = (FileStatus(of: item.input), FileStatus(of: item.output))
            if let input, input.identity == store?.identity {
                throw CommandFailure(
                    "the store '\(item.output)' would be the image itself; name another one"
                )
            }
        }
    }

    /// Whether a folder is a store of embeddings, complete or not.
    private static func isStore(_ path: String) -> Bool {
        guard let group = try? ZarrGroup(opening: URL(filePath: path)),
            let attributes = try? group.attributes()
        else { return false }
        return attributes["usam"] != nil || attributes["data_signature"] != nil
    }
}
