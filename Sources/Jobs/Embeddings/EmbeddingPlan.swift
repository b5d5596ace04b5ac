import Files
import Foundation
import Zarr

/// The images whose embeddings are computed, and the folder of each store.
public struct EmbeddingPlan: Equatable, Sendable {
    /// One image and its store.
    public struct Item: Equatable, Sendable {
        /// The image.
        public let input: String
        /// The folder of the store.
        public let output: String
    }

    /// The images in order.
    public let items: [Item]

    /// Decides all names before any work starts: one image goes to a name that ends in `.zarr`,
    /// otherwise every image to `NAME.zarr` in the folder.
    ///
    /// - Throws: ``EmbeddingPlanError`` if several images would share a store, or a store would replace an
    ///   image.
    public init(_ inputs: InputList, output: String) throws {
        guard !output.isEmpty else { throw EmbeddingPlanError.emptyName }
        let namesStore = output.hasSuffix(".zarr") || output.hasSuffix(".zarr/")
        if namesStore {
            guard inputs.isSingleFile else {
                throw EmbeddingPlanError.severalImages(store: output)
            }
            items = inputs.paths.map { Item(input: $0, output: FileName.trimmed(output)) }
        } else {
            // A folder may hold both images and their stores.
            items = zip(inputs.paths, inputs.subfolders).compactMap { path, subfolder in
                guard inputs.isSingleFile || !Self.isStore(path) else { return nil }
                let folder = FileName.trimmed(output)
                let place = subfolder.isEmpty ? folder : FileName.join(folder, subfolder)
                let name = inputs.stem(of: path) + ".zarr"
                return Item(input: path, output: FileName.join(place, name))
            }
        }
        var owners: [String: String] = [:]
        for item in items {
            if let other = owners.updateValue(item.input, forKey: item.output) {
                throw EmbeddingPlanError.sameStore(
                    first: other,
                    second: item.input,
                    store: item.output
                )
            }
            let input = FileStatus(of: FileName.container(of: item.input))
            let store = FileStatus(of: item.output)
            if let input, input.identity == store?.identity {
                throw EmbeddingPlanError.replacedImage(store: item.output)
            }
        }
    }

    /// Whether a folder is a store of embeddings, complete or not.
    static func isStore(_ path: String) -> Bool {
        guard let group = try? ZarrGroup(opening: URL(filePath: path)),
            let attributes = try? group.attributes()
        else { return false }
        return attributes["usam"] != nil || attributes["data_signature"] != nil
    }
}
