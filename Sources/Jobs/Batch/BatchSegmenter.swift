public import Foundation
public import Imaging
public import Prompting
import Segmentation

/// Finds the objects of an image: the model, as a batch sees it.
public protocol BatchSegmenter {
    /// Runs the model on an image, in the steps `encode` and `decode`.
    ///
    /// Always called on the same thread.
    ///
    /// - Returns: The rest of the work, which needs no model and may be done on another thread.
    func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork
}

/// What turns the model's answer into objects.
public typealias RemainingWork = @Sendable () throws -> LabelImage

/// A plane as the model expects it.
public struct PreparedImage: Sendable {
    /// The pixels as stored.
    public let raster: AnyRaster

    /// Three channels, stretched to 0...255; nil for an image in tiles, each of which is stretched for
    /// itself.
    public let normalized: Raster<UInt8>?

    /// How the image is divided; nil if it is not.
    public let tiling: TilingOptions?

    /// Where its embeddings are stored, or are to be; nil for nowhere.
    public var store: URL?

    /// Combines pixels and what was made of them.
    public init(raster: AnyRaster, normalized: Raster<UInt8>?, tiling: TilingOptions? = nil) {
        self.raster = raster
        self.normalized = normalized
        self.tiling = tiling
    }
}
