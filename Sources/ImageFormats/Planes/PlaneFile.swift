import Foundation
public import Imaging
public import Prompting

/// An image file that is open, and the planes of it that are meant.
///
/// This is the one way from a file to pixels for segmentation, prompts, embeddings, training and
/// evaluation. The rules are the same for all:
/// - The colours of an RGB image can be selected like channels: 0 is red.
/// - Several selected channels become red, green and blue.
/// - The opacity of a grey image with alpha is dropped unless it is asked for.
public struct PlaneFile: Sendable {
    /// The file, as the caller wrote it.
    public let file: String

    /// What is known of the image.
    public let description: ImageDescription

    /// Which planes are meant.
    public let grid: PlaneGrid

    /// All planes, time points slowest.
    public let planes: [PlaneSource]

    /// What the reader noticed, and what of the file is not used.
    public let notes: [FileNote]

    /// Opens a file and finds the planes that are meant; reads no pixels.
    ///
    /// - Parameters:
    ///   - file: The path of the image, with a data set after a `#` if there are several.
    ///   - selection: Which plane.
    ///   - each: Whether every time point and slice that is not selected is a plane.
    ///   - keepsOpacity: Whether an opacity channel takes part, as in micro-sam.
    /// - Throws: ``ImageFormatError``; ``PlaneError`` if planes do not exist, are not decided, are far
    ///   longer than wide, or are very large and not stored.
    public init(
        opening file: String,
        _ selection: PlaneSelection = PlaneSelection(),
        each: Bool = false,
        keepsOpacity: Bool = false
    ) throws {
        let source = try ImageSource(
            opening: URL(filePath: file),
            options: selection.sourceOptions
        )
        let description = source.description
        var (axes, names) = (description.axes, description.channelNames)
        let hasColours = axes.c == 1 && [.rgb, .rgba].contains(description.colorModel)
        let selectsColours = hasColours && !selection.channels.isEmpty
        if selectsColours { (axes.c, names) = (3, PlaneSource.colourNames) }
        let found = try selection.grid(of: axes, channelNames: names, each: each, file: file)
        guard found.channels.count <= 3 else {
            throw PlaneError.tooManyChannels(file: file, count: found.channels.count)
        }
        if !selectsColours, found.channels.count > 1, description.samplesPerPixel > 1 {
            throw PlaneError.coloursAlready(file: file)
        }
        let size = Size(width: axes.x, height: axes.y)
        guard size.longestSide <= 64 * min(size.width, size.height) else {
            throw PlaneError.tooElongated(file: file, size)
        }
        self.file = file
        self.description = description
        grid =
            selectsColours
            ? PlaneGrid(timePoints: found.timePoints, slices: found.slices, channels: [0]) : found
        let left = ReadingNote.LeftOut(axes, used: found, seriesCount: description.series.count)
        let stored = grid.indices.flatMap { index in
            (selectsColours ? [0] : found.channels).map {
                PlaneIndex(t: index.t, c: $0, z: index.z)
            }
        }
        let absent = source.absenceNote(stored)
        if absent == .planesAbsent(stored.count, of: stored.count),
            size.count >= Self.largeCount
        {
            throw PlaneError.nothingStored(file: file, size)
        }
        let notes =
            (description.notes + (left.isEmpty ? [] : [.leftOut(left)])
            + (absent.map { [$0] } ?? []))
            .map { FileNote(file, $0) }
        self.notes = notes
        let channels: PlaneSource.Channels =
            selectsColours ? .colours(found.channels) : .stored(found.channels)
        let planes = grid.indices.map { index in
            PlaneSource(
                file: file,
                source: source,
                index: index,
                notes: notes,
                channels: channels,
                dropsOpacity: description.colorModel == .greyAlpha && !keepsOpacity,
                pixelSize: selection.pixelSize
            )
        }
        let sample = StackSample(StackSample.places(in: planes.count).map { planes[$0] })
        self.planes = planes.count > 1 ? planes.map { $0.standing(in: sample) } : planes
    }

    /// Opens a file for embeddings of a stack: all planes along the axis that is open.
    ///
    /// - Throws: As ``init(opening:_:each:keepsOpacity:)``; ``PlaneError/twoOpenAxes(file:slices:timePoints:)``
    ///   if both slices and time points are open.
    public init(
        openingStack file: String,
        _ selection: PlaneSelection = PlaneSelection(),
        keepsOpacity: Bool = false
    ) throws {
        try self.init(opening: file, selection, each: true, keepsOpacity: keepsOpacity)
        guard grid.slices.count == 1 || grid.timePoints.count == 1 else {
            throw PlaneError.twoOpenAxes(
                file: file,
                slices: grid.slices.count,
                timePoints: grid.timePoints.count
            )
        }
    }

    /// From so many pixels on, a plane of which nothing is stored is refused: a few bytes may claim more of them
    /// than can be gone through in an hour.
    private static let largeCount = 1 << 26

    /// Number of planes of a stack; nil for a single plane.
    public var depth: Int? { planes.count > 1 ? planes.count : nil }

    /// Width and height of every plane.
    public var size: Size { Size(width: description.axes.x, height: description.axes.y) }
}
