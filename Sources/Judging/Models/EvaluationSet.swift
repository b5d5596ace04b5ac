import Files
import Foundation
public import ImageFormats

/// A data set that models are judged by: images, their labels, and how to read them.
public struct EvaluationSet: Hashable, Codable, Sendable {
    /// Name in tables and of the folder of results.
    public var name: String

    /// Images: files, folders or patterns, relative to the folder of the data.
    public var images: [String]

    /// Annotated labels: files, folders or patterns, relative to the folder of the data.
    public var labels: [String]

    /// The data set inside image containers such as HDF5.
    public var key: String?

    /// The data set inside label containers.
    public var labelKey: String?

    /// The channel of images with several, from 0; without it three channels are taken as colours.
    public var channel: Int?

    /// What the dimensions of arrays are that do not say it, such as `tyx`.
    public var axes: String?

    /// Reads a list of data sets from a JSON file.
    ///
    /// - Throws: ``JudgingError`` that says what is wrong with the file.
    public static func list(in file: String) throws(JudgingError) -> [EvaluationSet] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw .listUnreadable(file: file)
        }
        let sets: [EvaluationSet]
        do {
            sets = try JSONText.decode([EvaluationSet].self, from: data)
        } catch {
            throw .noList(file: file)
        }
        for set in sets where set.name.isEmpty || set.name.contains("/") || set.name == ".." {
            throw .nameUnusable(file: file, name: set.name)
        }
        guard Set(sets.map(\.name)).count == sets.count else {
            throw .namesEqual(file: file)
        }
        return sets
    }

    /// Paths of the set, or patterns, as they are seen from elsewhere.
    ///
    /// - Parameter folder: The folder of the data.
    public static func paths(_ paths: [String], in folder: String) -> [String] {
        paths.map { $0.hasPrefix("/") ? $0 : URL(filePath: folder).path + "/" + $0 }
    }

    /// How its files are read.
    public var reading: AnnotatedImage.ReadingOptions {
        .init(
            imageKey: key,
            labelKey: labelKey,
            channels: channel.map { [$0] },
            axes: axes
        )
    }
}
