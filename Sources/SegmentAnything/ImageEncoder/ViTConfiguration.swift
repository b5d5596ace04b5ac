/// Dimensions of a plain vision transformer as Segment Anything uses it.
///
/// - Source: Kirillov et al., Segment Anything (2023); Li et al., ViTDet (2022).
public struct ViTConfiguration: Hashable, Codable, Sendable {
    /// Width of a token.
    public var dimensions: Int

    /// Number of blocks.
    public var depth: Int

    /// Attention heads of each block.
    public var heads: Int

    /// Blocks whose attention sees the whole image; the others see windows of 14 x 14 tokens.
    public var globalBlocks: Set<Int>

    /// Creates a description of any such network.
    public init(dimensions: Int, depth: Int, heads: Int, globalBlocks: Set<Int>) {
        self.dimensions = dimensions
        self.depth = depth
        self.heads = heads
        self.globalBlocks = globalBlocks
    }

    /// Width of one head.
    public var headDimensions: Int { dimensions / heads }

    /// Side of a window in tokens.
    public static let window = 14

    /// Side of a patch in pixels.
    public static let patch = 16

    /// ViT-B, 89.7 million parameters.
    public static let base = ViTConfiguration(
        dimensions: 768,
        depth: 12,
        heads: 12,
        globalBlocks: [2, 5, 8, 11]
    )

    /// ViT-L, 308 million parameters.
    public static let large = ViTConfiguration(
        dimensions: 1024,
        depth: 24,
        heads: 16,
        globalBlocks: [5, 11, 17, 23]
    )

    /// ViT-H, 637 million parameters.
    public static let huge = ViTConfiguration(
        dimensions: 1280,
        depth: 32,
        heads: 16,
        globalBlocks: [7, 15, 23, 31]
    )
}
