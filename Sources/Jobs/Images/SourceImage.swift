import Foundation
public import ImageFormats
public import Imaging
public import Prompting

/// An image file that is open, and the planes of it that are to be segmented.
public struct SourceFile: Sendable {
    /// The file, as the user wrote it.
    public let file: String

    /// What is known of the image.
    public let description: ImageDescription

    /// The planes.
    public let grid: PlaneGrid

    private let source: ImageSource
    private let keepsOpacity: Bool
    private let colours: [Int]

    /// Opens a file and finds the planes that are meant; reads no pixels.
    ///
    /// The colours of an RGB image can be selected like channels: 0 is red.
    ///
    /// - Throws: `ImageFormatError`, or ``JobFailure`` if planes are not there or not decided.
    public init(
        opening file: String,
        _ selection: PlaneSelection,
        each: Bool = false,
        keepsOpacity: Bool = false
    ) throws {
        self.file = file
        self.keepsOpacity = keepsOpacity
        source = try ImageSource(opening: URL(filePath: file), options: selection.sourceOptions)
        description = source.description
        var axes = description.axes
        var names = description.channelNames
        let hasColours = axes.c == 1 && [.rgb, .rgba].contains(description.colorModel)
        if hasColours, !selection.channels.isEmpty {
            axes.c = 3
            names = ["red", "green", "blue"]
        }
        let found = try selection.planes(of: axes, channelNames: names, each: each, file: file)
        let selectsColours = axes.c != description.axes.c
        colours = selectsColours ? found.channels : []
        grid =
            selectsColours
            ? PlaneGrid(timePoints: found.timePoints, slices: found.slices, channels: [0]) : found
        guard grid.channels.count <= 3 else {
            throw JobFailure(
                "\(file): \(grid.channels.count) channels were selected, the model sees three at "
                    + "most, as red, green and blue"
            )
        }
        if grid.channels.count > 1, description.samplesPerPixel > 1 {
            throw JobFailure(
                "\(file): its pixels have colours already, so one channel can be selected"
            )
        }
        let size = Size(width: axes.x, height: axes.y)
        try SourceImage.requireUsefulShape(size, file: file)
    }

    /// Width and height of every plane.
    public var size: Size { Size(width: description.axes.x, height: description.axes.y) }

    /// The names of the channels of a plane, for tables; empty where there are none.
    public var channelNames: [String] {
        if !colours.isEmpty { return colours.map { ["red", "green", "blue"][$0] } }
        let names = description.channelNames
        return names.isEmpty ? [] : grid.channels.map { names[$0] }
    }

    /// Reads one of the planes.
    ///
    /// - Parameter plane: One of ``grid``.
    /// - Throws: `ImageFormatError` or `ImagingError`.
    public func read(_ plane: PlaneIndex) throws -> SourceImage {
        var planes = try grid.channels.map { channel in
            let stored = try source.read(PlaneIndex(t: plane.t, c: channel, z: plane.z))
            return keepsOpacity || description.colorModel != .greyAlpha
                ? stored : stored.channel(0)
        }
        if !colours.isEmpty { planes = colours.map { planes[0].channel($0) } }
        return SourceImage(
            file: file,
            raster: planes.count == 1 ? planes[0] : try AnyRaster(channels: planes),
            physicalSize: description.physicalSize,
            channelNames: channelNames
        )
    }
}

/// A plane of an image file, ready to be segmented.
public struct SourceImage: Sendable {
    /// The file, as the user wrote it.
    public let file: String

    /// The pixels as stored, without opacity.
    public let raster: AnyRaster

    /// Size of a pixel, to be handed on to the result.
    public let physicalSize: PhysicalSize

    /// The names of the channels; empty where there are none.
    public let channelNames: [String]

    /// The longest side of the model's input.
    private static let modelSide = 1024

    init(file: String, raster: AnyRaster, physicalSize: PhysicalSize, channelNames: [String]) {
        self.file = file
        self.raster = raster
        self.physicalSize = physicalSize
        self.channelNames = channelNames
    }

    /// Reads a plane.
    ///
    /// - Throws: `ImageFormatError`, or ``JobFailure`` if nothing can be found in the image:
    ///   it is constant, or far longer than wide.
    public init(reading file: String, _ selection: PlaneSelection, keepsOpacity: Bool = false)
        throws
    {
        let source = try SourceFile(opening: file, selection, keepsOpacity: keepsOpacity)
        self = try source.read(source.grid.indices[0])
    }

    static func requireUsefulShape(_ size: Size, file: String) throws {
        let shorter = min(size.width, size.height)
        guard size.longestSide <= 64 * shorter else {
            throw JobFailure(
                "\(file): an image of \(size) pixels is too elongated: the model sees it with "
                    + "\(modelSide) pixels on the longer side, which leaves fewer than 16 on the "
                    + "other; cut it into pieces"
            )
        }
    }

    /// What looks odd where an image is not divided.
    public var warnings: [String] {
        let size = raster.size
        guard size.longestSide > 4 * Self.modelSide else { return [] }
        return [
            "the image of \(size) pixels is reduced to \(Self.modelSide) pixels on the longer side, "
                + "so small objects may be missed; let it be divided into tiles"
        ]
    }

    /// The plane as a batch hands it to the model.
    ///
    /// - Throws: ``JobFailure`` if all pixels are equal, or some are not finite.
    public func prepared(_ choice: TilingChoice) throws -> PreparedImage {
        guard let tiling = choice.tiling(of: raster.size) else {
            return PreparedImage(raster: raster, normalized: try prepared(file: file))
        }
        if raster.isConstant { throw constantImage }
        return PreparedImage(raster: raster, normalized: nil, tiling: tiling)
    }

    private var constantImage: JobFailure {
        JobFailure(
            "\(file): all pixels have the same value, so there is nothing to segment; "
                + "check the exposure, or whether another channel or slice is meant"
        )
    }

    /// The pixels as the model expects them: three channels, stretched to 0...255.
    ///
    /// - Throws: ``JobFailure`` if all pixels are equal, ``ImagingError`` if some are not finite.
    public func prepared(file: String) throws -> Raster<UInt8> {
        let prepared: Raster<UInt8>
        do {
            prepared = try raster.normalizedRGB()
        } catch {
            throw JobFailure("\(file): \(error)")
        }
        guard prepared.samples.contains(where: { $0 != 0 }) else { throw constantImage }
        return prepared
    }
}
