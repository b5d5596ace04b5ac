import Annotations
import ImageFormats
import Imaging

/// An image as the page sees it.
struct ImageSummary: Encodable, Sendable {
    struct Channel: Encodable, Sendable {
        let name: String
        let color: String?
        /// Nil until they were measured.
        let min, max, low, high: Double?
    }

    struct Level: Encodable, Sendable {
        let level, y, x: Int
        let tile = TileGrid.pixelSide
    }

    let id: Int64
    let name: String
    let path: String
    let shape: ImageShape
    let pixelSize: PhysicalPixelSize?
    let status: ImageStatus
    let objects: Int
    let edit: Int64
    let canUndo: Bool
    let canRedo: Bool

    /// Why the file cannot be shown; the members below are nil then.
    private(set) var problem: String?
    /// Part of the addresses of tiles and thumbnails.
    private(set) var version: String?
    private(set) var dtype: DisplayType?
    private(set) var channels: [Channel]?
    private(set) var levels: [Level]?

    /// - Parameters:
    ///   - image: What the project says.
    ///   - open: Its file, or why it cannot be opened; nil if nobody has asked for it.
    init(_ image: ProjectImage, _ open: Result<OpenImage, any Error>?) {
        id = image.id
        name = image.entry.name
        path = image.entry.path
        shape = image.entry.shape
        pixelSize = image.entry.pixelSize
        status = image.status
        objects = image.objectCount
        edit = image.edit
        canUndo = image.canUndo
        canRedo = image.canRedo
        switch open {
        case .success(let open): describe(open)
        case .failure(let error): problem = ServerError(error).description
        case nil: break
        }
    }

    private mutating func describe(_ open: OpenImage) {
        let axes = open.source.description.axes
        guard axes.y == shape.y, axes.x == shape.x, axes.z == shape.z, axes.t == shape.t else {
            problem =
                "the file has \(axes.x) x \(axes.y) pixels now; in the project it has \(shape.size)"
            return
        }
        version = open.version
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
        levels = open.plan.sizes.enumerated().map { Level(level: $0, y: $1.height, x: $1.width) }
    }
}
