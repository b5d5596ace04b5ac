import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Synchronization

/// An image file that is shown: tiles of all resolution levels, what channels there are, what they contain.
///
/// All functions read files, so they belong on the ``BlockingWork`` of the server.
final class OpenImage: Sendable {
    let source: ImageSource
    let plan: LevelPlan
    let type: DisplayType

    /// Another one for changed pixels: part of the addresses of tiles, which browsers keep for ever.
    let version: String

    private let cacheFolder: String
    private let statistics = Mutex<[ChannelRange]?>(nil)
    /// Held while levels are made, so that they are made once.
    private let making = Mutex(())

    /// Opens an image; reads no pixels.
    ///
    /// - Parameters:
    ///   - url: Its file, the folder of a container, or that of the frames of a movie.
    ///   - files: All files of the image.
    ///   - selection: Where the frames of a movie lie.
    ///   - cacheFolder: For levels that the file does not have; must exist.
    init(
        opening url: URL,
        of files: [URL],
        _ selection: PlaneSelection,
        cacheFolder: String
    ) throws {
        source = try ImageSource(opening: url, options: selection.sourceOptions)
        plan = LevelPlan(source.description)
        type = DisplayType(source.description.sampleType)
        version = try Self.version(of: files, selection.frames)
        self.cacheFolder = cacheFolder
    }

    private static func version(of files: [URL], _ frames: MovieFrames?) throws -> String {
        var facts = files.flatMap { url in
            let path = url.path
            let status = FileStatus(of: FileName.container(of: path)) ?? FileStatus(of: path)
            return [
                path, "\(status?.byteCount ?? 0)", "\(status?.modified ?? 0)",
                "\(status?.identity.number ?? 0)",
            ]
        }
        // The same file as a stack has other tiles.
        if frames == .slices { facts.append("frames") }
        let digest = try FileDigest(
            of: Array(facts.joined(separator: "\n").utf8),
            algorithm: .xxh128
        )
        return String(digest.hexadecimal.prefix(16))
    }

    // MARK: - Channels

    private var samples: Int { source.description.samplesPerPixel }

    /// Colours without the opacity.
    private var visibleSamples: Int { source.description.colorModel.visibleSamples }

    /// Channels of the page: those of the file, and of each its colours.
    var channelCount: Int { source.description.axes.c * visibleSamples }

    /// Names and colours of the channels.
    var channelNames: [(name: String, color: String?)] {
        let names = source.description.channelNames
        let colors = [("red", "#ff0000"), ("green", "#00ff00"), ("blue", "#0000ff")]
        return (0..<channelCount).map { index in
            let stored = index / visibleSamples
            let name = names.indices.contains(stored) ? names[stored] : ""
            guard visibleSamples == 3 else {
                return (name.isEmpty ? "channel \(stored)" : name, nil)
            }
            let (color, value) = colors[index % 3]
            return (name.isEmpty ? color : "\(name) \(color)", value)
        }
    }

    // MARK: - Tiles

    /// The pixels of a tile of one channel; nil where there is no such tile.
    func tile(
        level: Int,
        t: Int,
        z: Int,
        row: Int,
        column: Int,
        channel: Int
    ) throws -> DisplayPixels? {
        guard plan.sizes.indices.contains(level), (0..<channelCount).contains(channel),
            source.description.axes.contains(PlaneIndex(t: t, z: z)),
            let region = TileGrid(plan.sizes[level]).region(row: row, column: column)
        else { return nil }
        let plane = PlaneIndex(t: t, c: channel / visibleSamples, z: z)
        let sample = channel % visibleSamples
        if level < plan.stored {
            return DisplayPixels(try source.read(plane, region: region, level: level))
                .channel(sample)
        }
        return try pyramid(of: plane)
            .tile(level: level - plan.stored, row: row, column: column)
            .channel(sample)
    }

    /// The levels of a plane that the file does not have; they are made by the first call.
    private func pyramid(of plane: PlaneIndex) throws -> PyramidFile {
        let file = PyramidFile(
            FileName.join(cacheFolder, "\(version)-t\(plane.t)-c\(plane.c)-z\(plane.z).levels"),
            levels: plan.made,
            type: type,
            channels: samples
        )
        guard !file.isComplete else { return file }
        try making.withLock { _ in
            guard !file.isComplete else { return }
            try make(file, of: plane)
        }
        return file
    }

    private func make(_ file: PyramidFile, of plane: PlaneIndex) throws {
        let level = max(plan.stored - 1, 0)
        let copies = plan.stored == 0
        // Where every region costs the whole plane, the plane is read once.
        let whole = copies ? DisplayPixels(try source.read(plane)) : nil
        try file.make(from: plan.source, copiesSource: copies) { region in
            if let whole { return try whole.cropped(to: region) }
            return DisplayPixels(try source.read(plane, region: region, level: level))
        }
    }

    // MARK: - Intensities

    /// The intensities of all channels if they were measured.
    var knownRanges: [ChannelRange]? { statistics.withLock { $0 } }

    /// The intensities of all channels, from the middle slice of the first time point.
    func ranges() throws -> [ChannelRange] {
        if let known = knownRanges { return known }
        let axes = source.description.axes
        let level = max(plan.stored - 1, 0)
        let grid = TileGrid(plan.sizes[level])
        let places = ChannelRange.sampled(rows: grid.rows, columns: grid.columns)
        let measured = try (0..<channelCount).map { channel in
            var gatherer = RangeGatherer(type)
            for (row, column) in places {
                guard
                    let tile = try tile(
                        level: level,
                        t: 0,
                        z: axes.z / 2,
                        row: row,
                        column: column,
                        channel: channel
                    )
                else { continue }
                gatherer.add(tile)
            }
            return gatherer.range
        }
        statistics.withLock { $0 = measured }
        return measured
    }
}
