import CImageCodecs
import Files
import Foundation
import Imaging

/// The owner of the C handle of a TIFF file that is written.
struct TIFFHandle: ~Copyable {
    // Safe because this type alone holds the pointer, cannot be copied, and frees it when it ends.
    let pointer: OpaquePointer

    init?() {
        guard let pointer = mic_tiff_new() else { return nil }
        self.pointer = pointer
    }

    deinit { mic_tiff_free(pointer) }
}

/// A TIFF file being written, beside its destination or in memory.
struct TIFFOutput: ~Copyable {
    /// What one page looks like.
    struct Page {
        var size: Size
        var sampleType: SampleType
        var channels: Int
        var options: TIFFWriter.Options
        var description: String?

        /// Side of the square tiles; 0 for strips.
        var tileSide = 0
    }

    private let owner: TIFFHandle

    /// The file that is replaced; nil for bytes in memory.
    private let destination: FileReplacement?

    /// The destination, for messages.
    let path: String

    /// Begins a file beside its destination.
    init(replacing url: URL, isBig: Bool) throws(ImageFormatError) {
        let destination = try FileReplacement(replacing: url)
        guard let owner = TIFFHandle() else {
            throw .cannotWrite(url.path, because: "out of memory")
        }
        let handle = owner.pointer
        guard mic_tiff_create(handle, destination.temporaryPath, isBig ? 1 : 0) == 0 else {
            throw .cannotWrite(url.path, because: String(cString: mic_tiff_message(handle)))
        }
        self.owner = owner
        self.destination = consume destination
        path = url.path
    }

    /// Begins a file in memory.
    init(inMemory isBig: Bool) throws(ImageFormatError) {
        path = "a TIFF file in memory"
        guard let owner = TIFFHandle() else { throw .cannotWrite(path, because: "out of memory") }
        let handle = owner.pointer
        guard mic_tiff_create_in_memory(handle, isBig ? 1 : 0) == 0 else {
            throw .cannotWrite(path, because: String(cString: mic_tiff_message(handle)))
        }
        self.owner = owner
        destination = nil
    }

    private var handle: OpaquePointer { owner.pointer }

    /// Writes a whole page, all samples in native order.
    func write(_ bytes: UnsafeRawBufferPointer, as page: Page) throws(ImageFormatError) {
        // Safe because the bytes are those of the page, and a strip ends with it.
        let rowBytes = page.size.width * page.channels * page.sampleType.byteCount
        // Strips of a quarter megabyte: small enough to read regions, large enough to compress.
        let rows = min(page.size.height, max(1, (256 << 10) / rowBytes))
        try begin(page, rowsPerStrip: rows)
        for (index, row) in stride(from: 0, to: page.size.height, by: rows).enumerated() {
            let count = min(rows, page.size.height - row) * rowBytes
            let strip = UnsafeRawBufferPointer(
                rebasing: bytes[row * rowBytes..<row * rowBytes + count]
            )
            try check(
                mic_tiff_write_strip(handle, UInt32(index), strip.baseAddress, UInt64(count))
            )
        }
        try check(mic_tiff_end_page(handle))
    }

    /// Begins a page whose tiles or strips follow.
    func begin(_ page: Page, rowsPerStrip: Int) throws(ImageFormatError) {
        var format = mic_tiff_format()
        format.width = UInt32(page.size.width)
        format.height = UInt32(page.size.height)
        format.bits_per_sample = UInt16(page.sampleType.byteCount * 8)
        format.samples_per_pixel = UInt16(page.channels)
        format.sample_format = page.sampleType.tiffFormat
        format.tile_side = UInt32(page.tileSide)
        format.rows_per_strip = UInt32(rowsPerStrip)
        switch page.options.compression {
        case .none: format.compression = 1
        case .deflate: format.compression = 8
        case .zstd: format.compression = 50000
        }
        let usesPredictor = page.options.usesPredictor && page.options.compression != .none
        format.predictor = !usesPredictor ? 1 : format.sample_format == 3 ? 3 : 2
        if let x = page.options.physicalSize.x, let y = page.options.physicalSize.y, x > 0, y > 0 {
            format.x_resolution = 1 / x
            format.y_resolution = 1 / y
        }
        let code: Int32 =
            if let description = page.description {
                description.withCString { text in
                    format.description = text
                    return mic_tiff_begin_page(handle, &format)
                }
            } else {
                mic_tiff_begin_page(handle, &format)
            }
        try check(code)
    }

    /// Writes one tile of the page that was begun; tiles may come in any order.
    func writeTile(_ index: Int, _ bytes: UnsafeRawBufferPointer) throws(ImageFormatError) {
        // Safe because libtiff is told how many bytes there are, and keeps no pointer.
        try check(
            mic_tiff_write_tile(handle, UInt32(index), bytes.baseAddress, UInt64(bytes.count))
        )
    }

    /// Ends the page that was begun.
    func endPage() throws(ImageFormatError) {
        try check(mic_tiff_end_page(handle))
    }

    /// Brings everything to the disk and gives the file its name.
    consuming func finish() throws(ImageFormatError) {
        try check(mic_tiff_synchronize(handle))
        try destination?.complete()
    }

    /// The bytes of a file in memory; nothing can be written afterwards.
    consuming func take() throws(ImageFormatError) -> Data {
        // Safe because the bytes were allocated by `malloc` for the caller, who frees them with
        // the data.
        var bytes: UnsafeMutableRawPointer?
        var count: UInt64 = 0
        try check(mic_tiff_take(handle, &bytes, &count))
        guard let bytes else { return Data() }
        return Data(bytesNoCopy: bytes, count: Int(count), deallocator: .free)
    }

    private func check(_ code: Int32) throws(ImageFormatError) {
        guard code == 0 else {
            throw .cannotWrite(
                path,
                because: String(cString: mic_tiff_message(handle)).lowercased()
            )
        }
    }
}

extension SampleType {
    /// The value of the TIFF tag `SampleFormat`.
    fileprivate var tiffFormat: UInt16 {
        switch self {
        case .uint8, .uint16, .uint32, .uint64: 1
        case .int8, .int16, .int32, .int64: 2
        case .float32, .float64: 3
        }
    }
}
