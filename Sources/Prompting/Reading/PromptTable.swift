public import Foundation

/// The prompts of a table, and what of it was not used.
public struct PromptTable: Sendable {
    /// What the table says.
    public let document: PromptDocument

    /// The names of columns that hold nothing of use.
    public let unusedColumns: [String]

    /// Reads a table, as ``PromptDocument/init(csv:file:_:)`` does.
    ///
    /// - Parameters:
    ///   - csv: The bytes of the file; separated by commas, semicolons or tabs.
    ///   - file: Its name, for messages.
    ///   - options: The unit of coordinates, and what is known of the image.
    /// - Throws: ``PromptError`` that names the line, the column and what stands there.
    public init(
        csv: Data,
        file: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws(PromptError) {
        guard csv.count <= PromptDocument.maximumByteCount else {
            throw .tooLarge(csv.count, file: file)
        }
        var reader = try TableReader(file: file, text: csv, options)
        document = PromptDocument(objects: try reader.objects())
        unusedColumns = reader.columns.unused
    }
}
