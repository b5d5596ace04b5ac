import Foundation
public import Imaging
public import Prompting

/// An open file of labels: whole numbers, 0 for the background and one for each object.
public struct LabelFile: Sendable {
    /// The file, as the user named it.
    public let file: String

    /// The extents of its axes; there is one channel.
    public let axes: ImageAxes

    /// What the reader noticed, and what of the file is not used.
    public let notes: [FileNote]

    private let source: ImageSource

    /// Opens a file, or a data set inside a container; reads no pixels.
    ///
    /// - Parameters:
    ///   - file: The path, with a data set after a `#` if there are several.
    ///   - key: The data set inside a container.
    ///   - names: What the dimensions of the image are; of labels, too, with or without its channels. Files that
    ///     have names of their own keep them.
    /// - Throws: ``ImageFormatError``; ``DataSetError/labelsNotGrey(labels:channels:samples:)``.
    public init(opening file: String, key: String? = nil, axes names: String? = nil) throws {
        source = try Self.source(file, key, names)
        self.file = file
        axes = source.description.axes
        var left = ReadingNote.LeftOut()
        left.series = source.description.series.count - 1
        notes = (source.description.notes + (left.isEmpty ? [] : [.leftOut(left)]))
            .map { FileNote(file, $0) }
        let samples = source.description.samplesPerPixel
        guard axes.c == 1, samples == 1 else {
            throw DataSetError.labelsNotGrey(labels: file, channels: axes.c, samples: samples)
        }
    }

    private static func source(_ file: String, _ key: String?, _ axes: String?) throws
        -> ImageSource
    {
        func open(_ axes: String?) throws -> ImageSource {
            var options = ImageSource.Options(colorConversion: .asStored, dataset: key)
            options.dimensionNames = axes.map { $0.map { String($0) } }
            return try ImageSource(opening: URL(filePath: file), options: options)
        }
        guard let axes else { return try open(nil) }
        do {
            return try open(axes)
        } catch let error as ImageFormatError where error.kind == .outOfRange {
            let withoutChannels = axes.filter { $0 != "c" && $0 != "s" }
            if let source = try? open(withoutChannels) { return source }
            let source = try open(nil)
            // An array without names would be taken for something that nobody has said.
            guard !source.description.takesDimensionNames else { throw error }
            return source
        }
    }

    /// Number of all time points and slices.
    public var planeCount: Int { axes.t * axes.z }

    /// The labels of a plane, or of a part of it.
    ///
    /// - Parameter plane: Counted in the order t, z.
    /// - Throws: ``ImageFormatError``, also for values that are no labels.
    public func read(plane: Int = 0, region: Region? = nil) throws -> LabelImage {
        let (t, z) = plane.quotientAndRemainder(dividingBy: axes.z)
        return try source.readLabels(PlaneIndex(t: t, z: z), region: region)
    }

    /// The labels of all planes, in the order t, z.
    ///
    /// - Throws: As ``read(plane:region:)``.
    public func readVolume() throws -> [LabelImage] {
        try (0..<planeCount).map { try read(plane: $0) }
    }
}
