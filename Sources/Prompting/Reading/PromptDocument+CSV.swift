public import Foundation

extension PromptDocument {
    /// Reads prompts from a table, one point, box or corner a row.
    ///
    /// The first line names the columns, in any order: `object`, `name`, `class`, `type`, `y`, `x`,
    /// `label`, `y0`, `x0`, `y1`, `x1`, `extension`, `shape`, `z`, `t`, `channel`, `plane`. Tables of points and shapes
    /// of napari, of results of ImageJ, and of measured objects are known by their columns; others are
    /// ignored. Rows of the same `object` belong together; without that column every point, box and shape
    /// is an object. `docs/prompts.md` explains each column.
    ///
    /// - Parameters:
    ///   - csv: The bytes of the file; separated by commas, semicolons or tabs.
    ///   - file: Its name, for messages.
    ///   - options: The unit of coordinates, and what is known of the image.
    /// - Throws: ``PromptError`` that names the line, the column and what stands there; of kind
    ///   ``PromptError/Kind/unitUnknown`` if coordinates may be in another unit than pixels.
    public init(
        csv: Data,
        file: String,
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws(PromptError) {
        self = try PromptTable(csv: csv, file: file, options).document
    }
}
