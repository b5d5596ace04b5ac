public import Imaging
public import Prompting

/// One plane of an image file, read by region.
///
/// ```swift
/// let plane = try PlaneSource(opening: "cells.tif", PlaneSelection(channel: 1, z: 4))
/// let corner = try plane.read(Region(x: 0, y: 0, width: 64, height: 32))
/// ```
public struct PlaneSource: PixelSource {
    /// Which stored values make up a pixel.
    enum Channels: Hashable, Sendable {
        /// Planes of the file, each a channel; a single one with all its samples.
        case stored([Int])
        /// Samples of one plane of an RGB image.
        case colours([Int])
    }

    /// The names of the colours where they are selected as channels.
    static let colourNames = ["red", "green", "blue"]

    /// The file, as the caller wrote it.
    public let file: String

    /// The place of the plane, with its first channel.
    public let index: PlaneIndex

    /// What the reader noticed, and what of the file is not used.
    public let notes: [FileNote]

    private let source: ImageSource
    private let channels: Channels
    private let dropsOpacity: Bool
    private let pixelSize: PixelSize?

    /// What stands for the stack that the plane was opened with; nil for a plane that was chosen alone.
    public private(set) var stackSample: StackSample?

    init(
        file: String,
        source: ImageSource,
        index: PlaneIndex,
        notes: [FileNote],
        channels: Channels,
        dropsOpacity: Bool,
        pixelSize: PixelSize?
    ) {
        self.file = file
        self.source = source
        self.index = index
        self.notes = notes
        self.channels = channels
        self.dropsOpacity = dropsOpacity
        self.pixelSize = pixelSize
    }

    /// The same plane as one of a stack.
    func standing(in sample: StackSample) -> PlaneSource {
        var plane = self
        plane.stackSample = sample
        return plane
    }

    /// Opens the plane of a file; reads no pixels.
    ///
    /// - Throws: As ``PlaneFile/init(opening:_:each:keepsOpacity:)``.
    public init(
        opening file: String,
        _ selection: PlaneSelection = PlaneSelection(),
        keepsOpacity: Bool = false
    ) throws {
        self = try PlaneFile(opening: file, selection, keepsOpacity: keepsOpacity).planes[0]
    }

    /// The planes of the file along an axis of so many places that go through this one, and its number
    /// among them; nil if no axis has so many.
    ///
    /// - Parameter depth: Number of slices, or of time points where the slices are not as many.
    public func stack(ofDepth depth: Int) -> (planes: [PlaneSource], place: Int)? {
        let axes = source.description.axes
        guard depth > 1, depth == axes.z || depth == axes.t else { return nil }
        let isDeep = depth == axes.z
        let planes = (0..<depth).map { place in
            PlaneSource(
                file: file,
                source: source,
                index: PlaneIndex(
                    t: isDeep ? index.t : place,
                    c: index.c,
                    z: isDeep ? place : index.z
                ),
                notes: notes,
                channels: channels,
                dropsOpacity: dropsOpacity,
                pixelSize: pixelSize
            )
        }
        return (planes, isDeep ? index.z : index.t)
    }

    /// Width and height.
    public var size: Size {
        Size(width: source.description.axes.x, height: source.description.axes.y)
    }

    /// Size of a pixel, to be handed on to results.
    public var physicalSize: PhysicalSize {
        let size = source.description.physicalSize
        return pixelSize.map { PhysicalSize($0, over: size) } ?? size
    }

    /// Where the size of a pixel comes from; nil if it is not known.
    public var pixelSizeSource: PixelSizeSource? {
        pixelSize != nil ? .given : source.description.pixelSizeSource
    }

    /// The names of the channels, for tables; empty where there are none.
    public var channelNames: [String] {
        let names = source.description.channelNames
        switch channels {
        case .colours(let chosen): return chosen.map { Self.colourNames[$0] }
        case .stored(let chosen): return names.isEmpty ? [] : chosen.map { names[$0] }
        }
    }

    /// The pixels of a region as stored.
    ///
    /// - Throws: ``ImageFormatError`` or `ImagingError`.
    public func read(_ region: Region) throws -> AnyRaster {
        func stored(_ channel: Int) throws -> AnyRaster {
            let place = PlaneIndex(t: index.t, c: channel, z: index.z)
            // Readers of whole planes need not cut anything.
            let pixels = try source.read(place, region: region == Region(size) ? nil : region)
            return dropsOpacity ? pixels.channel(0) : pixels
        }
        let planes: [AnyRaster]
        switch channels {
        case .stored(let chosen): planes = try chosen.map(stored)
        case .colours(let chosen):
            let pixels = try stored(0)
            planes = chosen.map { pixels.channel($0) }
        }
        return planes.count == 1 ? planes[0] : try AnyRaster(channels: planes)
    }
}
