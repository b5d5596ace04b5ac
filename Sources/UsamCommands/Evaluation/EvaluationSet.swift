import Foundation

/// A data set that models are judged by: images, their labels, and how to read them.
package struct EvaluationSet: Hashable, Codable, Sendable {
    /// Name in tables and of the folder of results.
    package var name: String

    /// Images: files, folders or patterns, relative to the folder of the data.
    package var images: [String]

    /// Annotated labels: files, folders or patterns, relative to the folder of the data.
    package var labels: [String]

    /// The data set inside image containers such as HDF5.
    package var key: String?

    /// The data set inside label containers.
    package var labelKey: String?

    /// The channel of images with several, from 0; without it three channels are taken as colours.
    package var channel: Int?

    /// Reads a list of data sets from a JSON file.
    ///
    /// - Throws: ``CommandFailure`` that says what is wrong with the file.
    static func list(in file: String) throws -> [EvaluationSet] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw CommandFailure("\(file): the list of data sets can not be read")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let sets: [EvaluationSet]
        do {
            sets = try decoder.decode([EvaluationSet].self, from: data)
        } catch {
            throw CommandFailure(
                "\(file): this is no list of data sets; expected is JSON such as "
                    + #"[{"name": "nuclei", "images": ["images"], "labels": ["labels"]}]"#
            )
        }
        for set in sets where set.name.isEmpty || set.name.contains("/") || set.name == ".." {
            throw CommandFailure("\(file): '\(set.name)' is no name for a data set")
        }
        guard Set(sets.map(\.name)).count == sets.count else {
            throw CommandFailure("\(file): two data sets have the same name")
        }
        return sets
    }

    /// The pairs of files.
    func pairs(in folder: String) throws -> ImagePairs {
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") ? path : URL(filePath: folder).path + "/" + path
        }
        return try ImagePairs("image", images.map(absolute), labels: labels.map(absolute))
    }

    /// How its files are read.
    var input: EvaluationInput {
        EvaluationInput(key: key, labelKey: labelKey, channel: channel)
    }
}
