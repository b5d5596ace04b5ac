public import Foundation
public import ImageFormats
public import Imaging
public import Segmentation

/// Finds the objects of an image: the model, as a batch sees it.
public protocol BatchSegmenter: Sendable {
    /// Runs the model on a plane, in the steps `encode` and `decode`.
    ///
    /// - Returns: The rest of the work, which needs no model and may be done on another thread.
    func predict(_ plane: BatchPlane, _ clock: inout StageClock) throws -> RemainingWork
}

/// What turns the model's answer into objects.
public typealias RemainingWork = @Sendable () throws -> PlaneLabels

/// A plane on its way through a batch.
public struct BatchPlane: Sendable {
    /// The plane of the file.
    public let source: PlaneSource

    /// The pixels as stored; nil where the plane is read by region.
    public let raster: AnyRaster?

    /// The pixels as the model sees them.
    public let pixels: PlanePixels

    /// Where its embeddings are stored, or are to be; nil for nowhere.
    public var store: URL?

    /// Number of slices of the volume that it belongs to, whose embeddings are stored together; nil if it is stored alone.
    public var storedDepth: Int?

    /// Where the labels of its tiles lie until they are joined, if it is so large; nil for a temporary folder.
    public var workingFolder: URL?

    /// Takes up a plane that was read.
    ///
    /// - Parameter normalization: How it will be stretched for the model.
    public init(
        _ source: PlaneSource,
        raster: AnyRaster?,
        _ normalization: Normalization = .minmax
    ) {
        self.source = source
        self.raster = raster
        pixels = PlanePixels(raster ?? source, normalization, in: source.stackSample)
    }

    /// Width and height.
    public var size: Size { source.size }
}
