/// Sizes that all Segment Anything models share.
public enum ModelFrame {
    /// Side of the square input in pixels.
    public static let side = 1024

    /// Side of the image embedding.
    public static let embeddingSide = 64

    /// Channels of the image embedding and width of the prompt tokens.
    public static let embeddingChannels = 256

    /// Side of the low-resolution mask logits.
    public static let maskSide = 256
}
