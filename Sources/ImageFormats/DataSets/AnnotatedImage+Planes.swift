public import Imaging
import Prompting

extension AnnotatedImage {
    /// Opens the labels; reads no pixels.
    ///
    /// - Parameter extents: Those of the image, from which outlines take their size.
    /// - Throws: ``ImageFormatError``; ``DataSetError/labelsNotGrey(labels:channels:samples:)``.
    public func openLabels(for extents: ImageAxes? = nil) throws -> LabelFile {
        try LabelFile(
            opening: labels,
            key: reading.labelKey,
            axes: reading.axes,
            for: extents,
            image: image
        )
    }

    /// Opens the image by the rules that segmentation has, too; reads no pixels.
    ///
    /// - Throws: ``ImageFormatError`` or ``PlaneError``; ``DataSetError`` about channels.
    func openImage(_ options: AnnotatedPlanes.Options) throws -> PlaneFile {
        func open(_ channels: [Int]) throws -> PlaneFile {
            var selection = PlaneSelection(key: reading.imageKey)
            selection.channels = channels.map { .number($0) }
            selection.axes = reading.axes
            return try PlaneFile(
                opening: image,
                selection,
                each: true,
                keepsOpacity: options.keepsOpacity
            )
        }
        let chosen = reading.channels ?? []
        do {
            return try open(chosen)
        } catch PlaneError.undecided(_, let extents, _, _) {
            let count = extents.first { $0.axis == .channel }?.count ?? 1
            if count == 3, options.takesThreeChannelsAsColors { return try open([0, 1, 2]) }
            throw DataSetError.channelsUndecided(image: image, count: count)
        } catch PlaneError.noSuchPlace(_, let extent, _) {
            throw DataSetError.channelsMissing(image: image, channels: chosen, count: extent.count)
        } catch PlaneError.tooManyChannels {
            throw DataSetError.channelsMissing(
                image: image,
                channels: chosen,
                count: chosen.count
            )
        }
    }
}

/// The part of a plane that is used.
public struct PlanePart: PixelSource {
    private let plane: PlaneSource
    private let part: Region

    init(_ part: Region, of plane: PlaneSource) {
        self.part = part
        self.plane = plane
    }

    /// Width and height of the part.
    public var size: Size { part.size }

    /// The pixels of a region as stored.
    ///
    /// - Parameter region: Counts from the part.
    /// - Throws: ``ImageFormatError`` or `ImagingError`.
    public func read(_ region: Region) throws -> AnyRaster {
        try plane.read(region.moved(by: part))
    }
}

extension Region {
    /// The same region, seen from outside of the part that it counts from.
    func moved(by part: Region) -> Region {
        Region(x: x + part.x, y: y + part.y, width: width, height: height)
    }
}
