public import Imaging
public import Torch

/// What the image encoder found in one image; the basis of all its segmentations.
///
/// What is prepared from it for prompts, and the maps of the decoder, stay with it: a second prompt costs
/// less than the first. Copies share it.
public struct ImageEmbedding: Sendable {
    /// `[1, 256, 64, 64]`, float32.
    public let features: Tensor

    /// From the image's pixels to the model's frame; knows the original and the resized size.
    public let transform: ResizeLongestSide

    let preparations = EmbeddingPreparations()

    /// Wraps features that are already there.
    public init(features: Tensor, transform: ResizeLongestSide) {
        self.features = features
        self.transform = transform
    }

    /// Bytes in memory, with everything that was prepared from it so far.
    public var byteCount: Int {
        features.count * MemoryLayout<Float>.size + preparations.byteCount
    }

    /// The same features without what was prepared from them, for work that needs them once: what it
    /// prepares goes when it ends.
    var forOneUse: ImageEmbedding { ImageEmbedding(features: features, transform: transform) }
}
