public import Imaging
public import Prompting

/// How images with small objects are enlarged for a model: what suits it, and how it is known how wide the objects
/// are.
public struct Enlargement: Hashable, Sendable {
    /// How it is known how wide objects are.
    public enum Source: Hashable, Sendable {
        /// The image is looked at as a whole first, and objects are found in this way.
        case firstLook(WatershedOptions)
        /// Somebody knows it, in pixels of the image.
        case known(Double)
    }

    /// The diameter of objects that the model segments best.
    public let suited: ObjectDiameter

    /// How it is known how wide the objects are.
    public let source: Source

    /// Combines both.
    public init(to suited: ObjectDiameter, _ source: Source) {
        self.suited = suited
        self.source = source
    }

    /// Reads what a checkpoint's metadata say: the diameter that suits the model, and the parameters for the first
    /// look; nil if there is no diameter.
    public init?(metadata: [String: String]) {
        let traits = ModelTraits(metadata: metadata)
        guard let suited = traits.objectDiameter else { return nil }
        self.init(to: suited, .firstLook(traits.watershed))
    }

    /// What a choice of tiling asks for; nil for images that are not enlarged.
    ///
    /// - Parameter carried: What the model asks for.
    public init?(_ choice: TilingChoice, carried: Enlargement?) {
        switch choice {
        case .automatic:
            guard let carried else { return nil }
            self = carried
        case .never, .always: return nil
        case .objects(let diameter): self.init(to: carried?.suited ?? .standard, .known(diameter))
        }
    }
}

/// The embedding of an image that was perhaps enlarged, and what the first look has given.
public struct EnlargedEmbedding: Sendable {
    /// The embedding for prompts, in tiles if the image was enlarged.
    ///
    /// Long objects would be cut by tiles in which their width suits the model, so prompts see them in the whole image.
    public let embeddings: ImageEmbeddings

    /// The same for finding objects: of an image that was enlarged, only the tiles in which the first look saw
    /// something.
    public let whereObjectsAre: ImageEmbeddings

    /// The decoder's maps of the image as a whole; nil if it was enlarged, or not looked at.
    public let maps: InstanceMaps?

    /// How wide objects are in pixels of the image, if the image was enlarged because of it.
    public let objectDiameter: Double?

    /// Combines all.
    public init(
        embeddings: ImageEmbeddings,
        whereObjectsAre: ImageEmbeddings? = nil,
        maps: InstanceMaps? = nil,
        objectDiameter: Double? = nil
    ) {
        self.embeddings = embeddings
        self.whereObjectsAre = whereObjectsAre ?? embeddings
        self.maps = maps
        self.objectDiameter = objectDiameter
    }
}
