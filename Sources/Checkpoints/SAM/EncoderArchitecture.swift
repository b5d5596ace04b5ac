/// Which image encoder a checkpoint belongs to, read from the shapes of its tensors.
public enum EncoderArchitecture: Hashable, Codable, Sendable {
    /// The vision transformer of the original SAM.
    case viT(ViTArchitecture)
    /// The small encoder of MobileSAM.
    case tinyViT(TinyViTArchitecture)

    /// The name that micro-sam uses: `vit_t`, `vit_b`, `vit_l`, `vit_h`; `custom` for any other shape.
    public var modelType: String {
        switch self {
        case .tinyViT(let architecture):
            return architecture == .mobileSAM ? "vit_t" : "custom"
        case .viT(let architecture):
            let known: [(String, ViTArchitecture)] = [
                ("vit_b", .base), ("vit_l", .large), ("vit_h", .huge),
            ]
            return known.first { $0.1.isSameNetwork(as: architecture) }?.0 ?? "custom"
        }
    }
}

/// The measures of a SAM vision transformer.
public struct ViTArchitecture: Hashable, Codable, Sendable {
    /// Channels of a token.
    public var width: Int
    /// Number of transformer blocks.
    public var depth: Int
    /// Attention heads per block.
    public var headCount: Int
    /// Channels inside the two-layer network of a block.
    public var hiddenWidth: Int
    /// Side of a patch in pixels.
    public var patchSize: Int
    /// Side of the attention window in tokens, for blocks that are not global; 0 if all are.
    public var windowSize: Int
    /// Indices of the blocks that attend to the whole image, rising.
    public var globalBlocks: [Int]
    /// Tokens per side of the image: 64 for inputs of 1024 pixels.
    public var tokensPerSide: Int
    /// Channels of the image embedding.
    public var embeddingChannels: Int

    /// Describes an encoder; the defaults are those of SAM.
    public init(
        width: Int,
        depth: Int,
        headCount: Int,
        hiddenWidth: Int? = nil,
        patchSize: Int = 16,
        windowSize: Int = 14,
        globalBlocks: [Int],
        tokensPerSide: Int = 64,
        embeddingChannels: Int = 256
    ) {
        self.width = width
        self.depth = depth
        self.headCount = headCount
        self.hiddenWidth = hiddenWidth ?? 4 * width
        self.patchSize = patchSize
        self.windowSize = windowSize
        self.globalBlocks = globalBlocks
        self.tokensPerSide = tokensPerSide
        self.embeddingChannels = embeddingChannels
    }

    /// ViT-B.
    public static let base = ViTArchitecture(
        width: 768,
        depth: 12,
        headCount: 12,
        globalBlocks: [2, 5, 8, 11]
    )
    /// ViT-L.
    public static let large = ViTArchitecture(
        width: 1024,
        depth: 24,
        headCount: 16,
        globalBlocks: [5, 11, 17, 23]
    )
    /// ViT-H.
    public static let huge = ViTArchitecture(
        width: 1280,
        depth: 32,
        headCount: 16,
        globalBlocks: [7, 15, 23, 31]
    )

    /// Side of the input image in pixels.
    public var imageSize: Int { patchSize * tokensPerSide }

    /// Whether only the size of the input image may differ.
    func isSameNetwork(as other: ViTArchitecture) -> Bool {
        var copy = other
        copy.tokensPerSide = tokensPerSide
        return copy == self
    }
}

/// The measures of a TinyViT encoder; the first stage is convolutional, the others attend in windows.
public struct TinyViTArchitecture: Hashable, Codable, Sendable {
    /// Channels of each stage.
    public var widths: [Int]
    /// Blocks of each stage.
    public var depths: [Int]
    /// Attention heads of each stage but the first.
    public var headCounts: [Int]
    /// Side of the attention window in tokens of each stage but the first.
    public var windowSizes: [Int]
    /// Channels of the image embedding.
    public var embeddingChannels: Int

    /// Describes an encoder.
    public init(
        widths: [Int],
        depths: [Int],
        headCounts: [Int],
        windowSizes: [Int],
        embeddingChannels: Int = 256
    ) {
        self.widths = widths
        self.depths = depths
        self.headCounts = headCounts
        self.windowSizes = windowSizes
        self.embeddingChannels = embeddingChannels
    }

    /// The encoder of MobileSAM, `vit_t`.
    public static let mobileSAM = TinyViTArchitecture(
        widths: [64, 128, 160, 320],
        depths: [2, 2, 6, 2],
        headCounts: [4, 5, 10],
        windowSizes: [7, 14, 7]
    )
}
