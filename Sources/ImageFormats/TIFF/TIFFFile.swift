import CImageCodecs

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// One TIFF file open for reading: the owner of the C handle.
struct TIFFFile: ~Copyable {
    // Safe because this type alone holds the pointer, cannot be copied, and frees it when it ends.
    private let handle: OpaquePointer
    private let path: String

    init(_ file: InputFile) throws(ImageFormatError) {
        guard let handle = mic_tiff_new() else {
            throw ImageFormatError(.cannotOpen, path: file.path, "out of memory")
        }
        // What libtiff keeps is a part of the file or a row; the rest is for its tables.
        let limit = UInt64(file.byteCount) + (256 << 20)
        guard mic_tiff_open(handle, file.path, limit) == 0 else {
            defer { mic_tiff_free(handle) }
            throw tiffFailure("cannot be opened", handle, path: file.path)
        }
        self.handle = handle
        path = file.path
    }

    deinit { mic_tiff_free(handle) }

    var isBig: Bool { mic_tiff_is_big(handle) != 0 }

    var isBigEndian: Bool { mic_tiff_is_big_endian(handle) != 0 }

    /// The selected page.
    func page() throws(ImageFormatError) -> TIFFPage {
        var raw = mic_tiff_page()
        guard mic_tiff_describe(handle, &raw) == 0 else { throw failure("a page cannot be read") }
        var offsets = [UInt64](repeating: 0, count: Int(raw.sub_directories))
        let count = mic_tiff_sub_directories(handle, &offsets, Int32(offsets.count))
        return try TIFFPage(raw, subDirectories: Array(offsets[..<Int(count)]), path: path)
    }

    /// Selects the next page; false after the last.
    func next() throws(ImageFormatError) -> Bool {
        switch mic_tiff_next(handle) {
        case 0: return false
        case 1: return true
        default: throw failure("the directory of a later page is damaged")
        }
    }

    func select(_ offset: UInt64) throws(ImageFormatError) {
        guard mic_tiff_select(handle, offset) == 0 else {
            throw failure("the page directory at byte \(offset) is damaged")
        }
    }

    /// The image description of the selected page.
    func text() -> TIFFText? { text { _ in true } }

    /// The image description of the selected page, if it may be one of tifffile.
    func shapedText() -> TIFFText? { text { $0 == UInt8(ascii: "{") } }

    private func text(startingWith isWanted: (UInt8) -> Bool) -> TIFFText? {
        // Safe because the text is copied before another page is selected, and ends with a zero.
        guard let text = mic_tiff_description(handle), isWanted(UInt8(bitPattern: text[0])) else {
            return nil
        }
        let count = strlen(text)
        return text.withMemoryRebound(to: UInt8.self, capacity: count) { bytes in
            TIFFText(UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    /// Red, green and blue of each palette entry, 16 bits each.
    func palette(bits: Int) throws(ImageFormatError) -> [UInt16] {
        var entries = [UInt16](repeating: 0, count: 3 << bits)
        guard mic_tiff_palette(handle, &entries, 1 << Int32(bits)) == 0 else {
            throw failure("the palette cannot be read")
        }
        return entries
    }

    /// Offset and length of a strip or tile; length 0 for one that was never written.
    func block(_ index: Int) throws(ImageFormatError) -> (offset: UInt64, bytes: UInt64) {
        var offset: UInt64 = 0
        var bytes: UInt64 = 0
        guard let index = UInt32(exactly: index),
            mic_tiff_block(handle, index, &offset, &bytes) == 0
        else { throw failure("the table of strips or tiles is damaged") }
        return (offset, bytes)
    }

    func readRow(
        _ row: Int,
        sample: Int,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because callers give a buffer of the row's size, which libtiff tells.
        let result = mic_tiff_read_row(handle, buffer.baseAddress, UInt32(row), UInt16(sample))
        guard result == 0 else { throw failure("the pixels of row \(row) cannot be decoded") }
    }

    func readBlock(
        _ index: Int,
        isTile: Bool,
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the C function is told how much room there is.
        let result = mic_tiff_read_block(
            handle,
            UInt32(index),
            isTile ? 1 : 0,
            buffer.baseAddress,
            UInt64(buffer.count)
        )
        guard result == 0 else {
            throw failure("the pixels of \(isTile ? "tile" : "strip") \(index) cannot be decoded")
        }
    }

    private func failure(_ what: String) -> ImageFormatError {
        tiffFailure(what, handle, path: path)
    }
}

// Safe because the caller, who owns the handle, has not closed it.
private func tiffFailure(_ what: String, _ handle: OpaquePointer, path: String) -> ImageFormatError
{
    ImageFormatError(
        .damaged,
        path: path,
        "\(what): \(String(cString: mic_tiff_message(handle)))",
        advice: "the file is cut short or damaged; copy or export it again"
    )
}
