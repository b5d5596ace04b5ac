/// Why embeddings cannot be stored as asked for.
public enum EmbeddingPlanError: Error, Hashable, Sendable {
    /// The name of the output is empty.
    case emptyName
    /// Several images were to share one store.
    case severalImages(store: String)
    /// Two images would have the same store.
    case sameStore(first: String, second: String, store: String)
    /// A store would be the image itself.
    case replacedImage(store: String)
    /// A mask chooses tiles, and the image is not divided.
    case maskWithoutTiles(image: String)
    /// A mask has fewer planes than the image.
    case maskWithoutPlane(mask: String, plane: Int)

    /// Whether the request contradicts itself, whatever lies on the disk.
    public var isMisuse: Bool {
        switch self {
        case .emptyName, .severalImages: true
        case .sameStore, .replacedImage, .maskWithoutTiles, .maskWithoutPlane: false
        }
    }
}

extension EmbeddingPlanError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .emptyName:
            "the output has an empty name"
        case .severalImages(let store):
            "several images cannot share one store; "
                + "name a folder instead of '\(store)', without .zarr at its end"
        case .sameStore(let first, let second, let store):
            "'\(first)' and '\(second)' would both be stored in '\(store)'; "
                + "rename one, or name different folders"
        case .replacedImage(let store):
            "the store '\(store)' would be the image itself; name another one"
        case .maskWithoutTiles(let image):
            "\(image): a mask chooses tiles, but the image is not divided; give the size of tiles"
        case .maskWithoutPlane(let mask, let plane):
            "\(mask): the mask has no plane \(plane)"
        }
    }
}
