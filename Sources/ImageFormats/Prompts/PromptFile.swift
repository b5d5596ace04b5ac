import Foundation
public import Prompting

/// Files of prompts: JSON, tables, regions of ImageJ; which it is, the ending says.
public enum PromptFile {
    /// Reads a file.
    ///
    /// - Throws: `PromptError` or `ImageFormatError` that says where in the file what is wrong.
    public static func read(_ path: String) throws -> PromptDocument {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "json": return try PromptDocument(json: data(path), file: path)
        case "csv", "tsv", "txt": return try PromptDocument(csv: data(path), file: path)
        case "roi", "zip":
            return try PromptDocument(
                ImageJRegion.read(from: URL(filePath: path)),
                file: path
            )
        case let ending:
            throw PromptError(
                .unreadable,
                file: path,
                "files ending in '.\(ending)' are not read as prompts",
                advice: "give .json, .csv, .tsv, or .roi and .zip of ImageJ"
            )
        }
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
                "it can not be read",
                advice: "check its permissions"
            )
        }
    }
}
