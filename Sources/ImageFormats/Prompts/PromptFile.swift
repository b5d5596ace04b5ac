import Files
import Foundation
public import Prompting

/// A file of prompts: JSON, a table, GeoJSON, COCO, regions of ImageJ; which it is, the ending and the
/// content say.
public struct PromptFile: Sendable {
    /// What the file says.
    public let document: PromptDocument

    /// What the reader noticed.
    public let notes: [FileNote]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file; in a COCO file of several images, the name of one may follow after `#`.
    ///   - options: What the file leaves open.
    /// - Throws: `PromptError` or `ImageFormatError` that says where in the file what is wrong.
    public init(
        reading path: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws {
        let file = FileNameParts(path).file
        switch URL(filePath: file).pathExtension.lowercased() {
        case "csv", "tsv", "txt":
            let table = try PromptTable(csv: Self.data(file), file: path, options)
            document = table.document
            notes = Self.notes(of: table, options).map { FileNote(path, $0) }
            return
        case "json", "geojson":
            let json = try Self.data(file)
            if Self.isOwnForm(json) {
                document = try PromptDocument(
                    json: json,
                    file: path,
                    joinsPlanes: options.joinsPlanes
                )
                notes = []
                return
            }
        case "roi", "zip": break
        case let ending:
            throw PromptError(
                .unreadable,
                file: path,
                "files ending in '.\(ending)' are not read as prompts",
                advice: "give .json, .geojson, .csv, .tsv, or .roi and .zip of ImageJ"
            )
        }
        let regions = try RegionFile(opening: path, image: options.imageName)
        document = try regions.prompts(options)
        notes = regions.notes
    }

    /// What is said of columns that may have named the planes.
    private static func notes(
        of table: PromptTable,
        _ options: PromptReadingOptions
    ) -> [ReadingNote] {
        let names = table.unusedColumns.filter { !$0.isEmpty }
        guard options.planeCount > 1, !names.isEmpty,
            table.document.objects.contains(where: { $0.place.isEmpty })
        else { return [] }
        let shown = names.prefix(8).map { "'\($0)'" } + (names.count > 8 ? ["others"] : [])
        let text =
            "the prompts name no plane, although the image has \(options.planeCount); "
            + "\(names.count == 1 ? "the column" : "the columns") \(Wording.list(shown)) "
            + "\(names.count == 1 ? "is" : "are") not used; columns of planes have the names z, t and channel"
        return [.note(text)]
    }

    /// Whether a text is in the form of this project, or in none that other programs write.
    private static func isOwnForm(_ json: Data) -> Bool {
        enum Found: Error { case other }
        var reader = JSONReader(Array(json))
        guard reader.kind() == .object else { return reader.kind() != .array }
        do {
            try reader.eachMember { reader, name in
                if ["features", "geometry", "coordinates", "annotations"].contains(name) {
                    throw Found.other
                }
                try reader.skipValue()
            }
        } catch {
            return !(error is Found)
        }
        return true
    }

    private static func data(_ path: String) throws -> Data {
        let url = URL(filePath: path).resolvingSymlinksInPath()
        guard
            let values = try? url.resourceValues(forKeys: [.isDirectoryKey, .fileSizeKey]),
            values.isDirectory == false
        else {
            throw PromptError(
                .unreadable,
                file: path,
                "there is no such file",
                advice: "check the name"
            )
        }
        let byteCount = values.fileSize ?? 0
        guard byteCount <= PromptDocument.maximumByteCount else {
            throw PromptError(
                .tooLarge,
                file: path,
                "\(byteCount) bytes of prompts",
                advice: "split the file"
            )
        }
        do {
            return try Data(contentsOf: url)
        } catch {
            throw PromptError(
                .unreadable,
                file: path,
                "it cannot be read",
                advice: "check its permissions"
            )
        }
    }
}
