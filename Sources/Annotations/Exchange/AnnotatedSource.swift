import Foundation
import ImageFormats
import Imaging
import Prompting

/// The pixels of an image of a project, with all its channels.
struct AnnotatedSource {
    private let entry: ImageEntry
    private let path: String

    init(_ entry: ImageEntry, path: String) { (self.entry, self.path) = (entry, path) }

    /// Size of a pixel as the project notes it.
    var physicalSize: PhysicalSize {
        let size = entry.pixelSize
        return PhysicalSize(x: size?.x, y: size?.y, z: size?.z, unit: size?.unit)
    }

    private func opened() throws -> ImageSource {
        let options = entry.selection.sourceOptions
        let source = try ImageSource(opening: URL(filePath: path), options: options)
        let (axes, shape) = (source.description.axes, entry.shape)
        guard axes.x == shape.x, axes.y == shape.y, axes.t == shape.t, axes.z == shape.z else {
            throw ExchangeError.otherImage(
                image: path,
                found: "t \(axes.t), z \(axes.z), y \(axes.y), x \(axes.x)",
                expected: shape.words
            )
        }
        return source
    }

    /// The channels of a plane.
    ///
    /// - Parameter channels: At most so many, and then one or three.
    func read(_ place: PlaneIndex, channels: Int? = nil) throws -> AnyRaster {
        let source = try opened()
        let planes = try (0..<source.description.axes.c).map { channel in
            try source.read(PlaneIndex(t: place.t, c: channel, z: place.z))
        }
        var all = planes.flatMap { plane in (0..<plane.channels).map { plane.channel($0) } }
        if let channels { all = Array(all.prefix(all.count < channels ? 1 : channels)) }
        return try AnyRaster(channels: all)
    }

    /// The names of the channels, where each is a plane of its own.
    func channelNames(of pixels: AnyRaster) -> [String] {
        let names = (try? opened().description.channelNames) ?? []
        return names.count == pixels.channels ? names : []
    }
}

extension ImageShape {
    /// The extents, for messages.
    var words: String { "t \(t), z \(z), y \(y), x \(x)" }
}
