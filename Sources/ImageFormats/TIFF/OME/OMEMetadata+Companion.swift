import Foundation

extension OMEMetadata {
    /// Reads the description of several files from the one that holds it: a text, or one of the TIFF files of
    /// the set, of which the size then does not matter.
    init?(companion path: String) {
        guard let input = try? InputFile(url: URL(filePath: path)) else { return nil }
        if (try? FileSignature(of: input)) == .tiff {
            guard let source = try? TIFFFile(input), let text = source.text() else { return nil }
            self.init(text.text)
            return
        }
        guard input.byteCount <= Self.mostTextBytes, let raw = try? RawFile(path: path),
            let bytes = try? raw.readAll(input.byteCount)
        else { return nil }
        // Safe because the text copies the bytes.
        let text = bytes.withUnsafeBufferPointer { TIFFText($0) }
        self.init(text.text)
    }

    /// A longer text is no description.
    private static let mostTextBytes = 1 << 28
}
