public import Imaging
public import Prompting
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

    /// What the encoder saw; nil if it is not known, as where the features come from a file.
    let frame: FrameImage?

    let preparations = EmbeddingPreparations()

    /// Wraps features that are already there.
    public init(features: Tensor, transform: ResizeLongestSide) {
        self.init(features: features, transform: transform, frame: nil)
    }

    init(features: Tensor, transform: ResizeLongestSide, frame: FrameImage?) {
        self.features = features
        self.transform = transform
        self.frame = frame
    }

    /// Bytes in memory, with everything that was prepared from it so far.
    public var byteCount: Int {
        features.count * MemoryLayout<Float>.size + preparations.byteCount
            + (frame?.byteCount ?? 0)
    }

    /// The same features without what was prepared from them, for work that needs them once: what it
    /// prepares goes when it ends.
    var forOneUse: ImageEmbedding {
        ImageEmbedding(features: features, transform: transform, frame: frame)
    }

    /// The same embedding with the image that it was made of, for a decoder that looks at both.
    ///
    /// - Parameter image: Three channels, normalised to 0 ... 255, of the size that the transform names;
    ///   called when it is needed.
    public func showing(_ image: @escaping @Sendable (Work) throws -> Raster<UInt8>) -> Self {
        ImageEmbedding(features: features, transform: transform, frame: .read(image))
    }
}

/// The image that an embedding was made of.
enum FrameImage: Sendable {
    /// In the size in which the model saw it.
    case resized(Raster<UInt8>)
    /// In its own size, read when it is needed.
    case read(@Sendable (Work) throws -> Raster<UInt8>)

    /// Bytes in memory.
    var byteCount: Int {
        switch self {
        case .resized(let image): image.samples.count
        case .read: 0
        }
    }

    /// The image in the size in which the model saw it.
    func pixels(_ transform: ResizeLongestSide, _ work: Work) throws -> Raster<UInt8> {
        switch self {
        case .resized(let image): return image
        case .read(let read):
            let image = try read(work)
            guard image.size == transform.originalSize else {
                throw ImagingError.sizeMismatch(
                    "image of an embedding",
                    expected: transform.originalSize,
                    found: image.size
                )
            }
            return try image.resized(to: transform.resizedSize)
        }
    }
}
