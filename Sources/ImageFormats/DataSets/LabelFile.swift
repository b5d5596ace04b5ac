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
    /// - Throws: ``ImageFormatError``; ``DataSetError/labelsNotGrey(labels:channels:samples:)``.
    public init(opening file: String, key: String? = nil) throws {
        source = try ImageSource(
            opening: URL(filePath: file),
            options: ImageSource.Options(colorConversion: .asStored, dataset: key)
        )
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
