public import Foundation
import ImageFormats
public import Imaging
public import Prompting
public import Segmentation

/// Segments one image file of any size tile by tile into a label file, with memory for a few tiles.
///
/// An interrupted job goes on with the tiles that are missing; they lie in a folder beside the
/// output, which disappears at the end.
public struct LargeImageJob: Sendable {
    /// Images of more pixels are segmented by region: 8192 x 8192 and beyond.
    public static let smallestPixelCount = 1 << 26

    /// The image.
    public let input: String

    /// The label image: BigTIFF, or OME-Zarr if the name ends in `.zarr`.
    public let output: String

    /// Which plane of the image.
    public let plane: PlaneSelection

    /// Whether an opacity channel takes part.
    public let keepsOpacity: Bool

    /// How the image is divided.
    public let tiling: TilingOptions

    /// Describes the work; nothing happens yet.
    public init(
        input: String,
        output: String,
        plane: PlaneSelection,
        keepsOpacity: Bool = false,
        tiling: TilingOptions
    ) {
        self.input = input
        self.output = output
        self.plane = plane
        self.keepsOpacity = keepsOpacity
        self.tiling = tiling
    }

    /// What came of it.
    public struct Outcome: Sendable {
        /// Width and height of the image.
        public let size: Size
        /// Number of objects found.
        public let objects: Int
        /// Number of tiles.
        public let tiles: Int
        /// Tiles whose labels an earlier run left.
        public let reusedTiles: Int
    }

    /// The job for an image that is so large that it has to be segmented by region; nil for others,
    /// for files that can not be opened, and where no tiles are wanted.
    ///
    /// - Parameter smallest: Images of fewer pixels are others.
    public init?(
        input: String,
        output: String,
        plane: PlaneSelection,
        keepsOpacity: Bool,
        tiling: TilingChoice,
        smallest: Int = Self.smallestPixelCount
    ) {
        let url = URL(filePath: input)
        // What is wrong with a file is told where it is segmented.
        guard let source = try? ImageSource(opening: url, options: plane.sourceOptions) else {
            return nil
        }
        let size = Size(width: source.description.axes.x, height: source.description.axes.y)
        guard size.count >= smallest, let tiling = tiling.tiling(of: size) else {
            return nil
        }
        self.init(
            input: input,
            output: output,
            plane: plane,
            keepsOpacity: keepsOpacity,
            tiling: tiling
        )
    }

    /// The folder for the labels of tiles.
    public var workingFolder: URL { URL(filePath: output + ".usam-tiles") }

    /// Does the work; to be called on a thread of its own.
    ///
    /// - Parameters:
    ///   - gate: Closing it lets an output that is just being written be completed, and forbids one
    ///     that is not begun.
    ///   - progress: Called after every tile; what it throws ends the work.
    public func run(
        _ segmenter: AutomaticSegmenter,
        model: EmbeddingSignature.Model,
        gate: OutputGate = OutputGate(),
        progress: (LargeImageSegmenter.Progress) throws -> Void
    ) throws -> Outcome {
        let source = try ImageSource(
            opening: URL(filePath: input),
            options: plane.sourceOptions
        )
        let description = source.description
        let place = try plane.plane(
            of: description.axes,
            channelNames: description.channelNames,
            file: input
        )
        let dropsOpacity = description.colorModel == .greyAlpha && !keepsOpacity
        let size = Size(width: description.axes.x, height: description.axes.y)
        let pixels = EmbeddingInput(size: size) { _, region in
            let raster = try source.read(place, region: region)
            return dropsOpacity ? raster.channel(0) : raster
        }
        let tileSide = try Self.tileSide(of: tiling, size, output)
        try OutputPlan.makeFolder(for: output)
        var reused = 0
        let stitched = try LargeImageSegmenter(segmenter, tiling: tiling).segment(
            pixels,
            model: model,
            workingFolder: workingFolder
        ) { state in
            reused = state.reused
            try progress(state)
        }
        try gate.pass { _ in
            try write(stitched, tileSide, description.physicalSize)
            stitched.removeWorkingFolder()
        }
        return Outcome(
            size: size,
            objects: stitched.objectCount,
            tiles: stitched.blocking.count,
            reusedTiles: reused
        )
    }

    private func write(
        _ labels: StitchedLabels,
        _ tileSide: Int,
        _ physicalSize: PhysicalSize
    ) throws {
        let size = labels.blocking.imageSize
        let type: SampleType = labels.objectCount <= Int(UInt16.max) ? .uint16 : .uint32
        let url = URL(filePath: output)
        guard Self.isZarr(output) else {
            var writer = try LabelTIFFWriter(
                creating: url,
                size: size,
                sampleType: type,
                tileSide: tileSide,
                physicalSize: physicalSize
            )
            try labels.forEachBlock { try writer.write($0, x: $1.x, y: $1.y) }
            try writer.finish()
            return
        }
        let writer = try OMEZarrLabelWriter(
            creating: url,
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: type,
            options: .init(chunkSide: tileSide, physicalSize: physicalSize)
        )
        try labels.forEachBlock { try writer.write($0, x: $1.x, y: $1.y) }
        try writer.finish()
    }

    private static func isZarr(_ path: String) -> Bool { path.hasSuffix(".zarr") }

    /// The side of the tiles in the file: blocks consist of whole ones.
    private static func tileSide(
        of tiling: TilingOptions,
        _ size: Size,
        _ output: String
    ) throws -> Int {
        let shape = tiling.tileShape
        let step = isZarr(output) ? 1 : 16
        // A single block ends at the edge of the image, where tiles may be cut.
        let blocks = [(shape.width, size.width), (shape.height, size.height)].filter { $0 < $1 }
        func fits(_ side: Int) -> Bool { blocks.allSatisfy { $0.0.isMultiple(of: side) } }
        let preferred = stride(from: 512, through: 128, by: -step).first(where: fits)
        let other = stride(from: 1024, through: step, by: -step).first(where: fits)
        guard let side = preferred ?? other else {
            throw JobFailure(
                "the tiles of \(shape) pixels can not be written to a TIFF file; "
                    + "give --tile-shape in multiples of 16"
            )
        }
        return side
    }
}
