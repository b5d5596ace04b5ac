public import Foundation

/// Where the embeddings of images are stored.
public struct EmbeddingPlace: Hashable, Sendable {
    private let path: String

    /// One store, or a folder of `NAME.zarr` for every image.
    public init(_ path: String) { self.path = path }

    /// The store of an image.
    public func store(of input: String) -> URL {
        if path.hasSuffix(".zarr") { return URL(filePath: path) }
        return URL(filePath: path).appending(path: OutputPlan.stem(input) + ".zarr")
    }

    /// Whether all images would have the same store.
    public var isOneStore: Bool { path.hasSuffix(".zarr") }
}
