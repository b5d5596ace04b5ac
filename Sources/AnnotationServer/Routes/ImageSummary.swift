import ImageFormats
import Imaging

/// An image as the page sees it.
struct ImageSummary: Encodable, Sendable {
    struct Shape: Encodable, Sendable {
        let t, z, y, x, c: Int
    }

    struct Channel: Encodable, Sendable {
        let name: String
        let color: String?
        /// Nil until they were measured.
        let min, max, low, high: Double?
    }

    struct PixelSize: Encodable, Sendable {
        let y, x, z: Double?
        let unit: String?
    }

    struct Level: Encodable, Sendable {
        let level, y, x: Int
        let tile = TileGrid.pixelSide
    }

    let id: Int64
    let name: String
    let path: String
    /// Why the file can not be shown; the members below are nil then.
    let problem: String?
    /// Part of the addresses of tiles and thumbnails.
    let version: String?
    let shape: Shape?
    let dtype: DisplayType?
    let channels: [Channel]?
    let pixelSize: PixelSize?
    let levels: [Level]?

    init(_ image: CatalogImage, _ open: Result<OpenImage, any Error>) {
        id = image.id
        name = image.name
        path = image.path
        guard case .success(let open) = open else {
            if case .failure(let error) = open {
                problem = ServerError(error).description
            } else {
                problem = nil
            }
            (version, shape, dtype, channels, pixelSize, levels) = (nil, nil, nil, nil, nil, nil)
            return
        }
        problem = nil
        let axes = open.source.description.axes
        version = open.version
        shape = Shape(t: axes.t, z: axes.z, y: axes.y, x: axes.x, c: open.channelCount)
        dtype = open.type
        let ranges = open.knownRanges
        channels = open.channelNames.enumerated().map { index, channel in
            Channel(
                name: channel.name,
                color: channel.color,
                min: ranges?[index].min,
                max: ranges?[index].max,
                low: ranges?[index].low,
                high: ranges?[index].high
            )
        }
        let size = open.source.description.physicalSize
        pixelSize =
            size.isEmpty ? nil : PixelSize(y: size.y, x: size.x, z: size.z, unit: size.unit)
        levels = open.plan.sizes.enumerated().map { Level(level: $0, y: $1.height, x: $1.width) }
    }
}
