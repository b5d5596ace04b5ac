import CImageCodecs
import Files
public import Foundation
public import Imaging

extension AnyRaster {
    /// Writes an 8- or 16-bit plane with 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels
    /// as a PNG file that replaces an existing one only when it is complete.
    ///
    /// - Throws: ``ImageFormatError`` if the samples do not fit PNG, or the file cannot be written;
    ///   no partial file remains.
    public func writePNG(to url: URL) throws(ImageFormatError) {
        var header = try pngHeader(url.path)
        let destination = try FileReplacement(replacing: url)
        let file = try PNGFile(path: url.path)
        try file.check(mic_png_create(file.handle, destination.temporaryPath, &header))
        try writeRows(to: file)
        try file.check(mic_png_synchronize(file.handle))
        try destination.complete()
    }

    /// The bytes that ``writePNG(to:)`` writes, in memory.
    ///
    /// - Throws: ``ImageFormatError`` if the samples do not fit PNG, or there is no memory.
    public func pngData() throws(ImageFormatError) -> Data {
        // Safe because the bytes were allocated by `malloc` for the caller, who frees them with
        // the data.
        let path = "a picture in memory"
        var header = try pngHeader(path)
        let file = try PNGFile(path: path)
        try file.check(mic_png_create_in_memory(file.handle, &header))
        try writeRows(to: file)
        var bytes: UnsafeMutableRawPointer?
        var count: UInt64 = 0
        try file.check(mic_png_take(file.handle, &bytes, &count))
        guard let bytes else { return Data() }
        return Data(bytesNoCopy: bytes, count: Int(count), deallocator: .free)
    }

    private func pngHeader(_ path: String) throws(ImageFormatError) -> mic_png_header {
        guard sampleType == .uint8 || sampleType == .uint16, (1...4).contains(channels),
            size.longestSide <= Int(Int32.max)
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: path,
                "PNG cannot hold \(channels) samples of \(sampleType) per pixel",
                advice: "convert to 8 or 16 bits with 1 to 4 channels, or write TIFF"
            )
        }
        var header = mic_png_header()
        header.width = UInt32(size.width)
        header.height = UInt32(size.height)
        header.bit_depth = UInt8(sampleType.byteCount * 8)
        header.color_type = [0, 4, 2, 6][channels - 1]
        return header
    }

    private func writeRows(to file: borrowing PNGFile) throws(ImageFormatError) {
        // Safe because the raster has `height` rows of this size and outlives the loop.
        let handle = file.handle
        let rowBytes = size.width * channels * sampleType.byteCount
        var code: Int32 = 0
        try withBytes { bytes throws(ImageFormatError) in
            for row in 0..<size.height where code == 0 {
                let line = UnsafeRawBufferPointer(
                    rebasing: bytes[row * rowBytes..<(row + 1) * rowBytes]
                )
                code = mic_png_write_row(handle, line.baseAddress, UInt64(rowBytes))
            }
        }
        try file.check(code)
    }
}

extension PNGFile {
    fileprivate func check(_ code: Int32) throws(ImageFormatError) {
        guard code == 0 else { throw .cannotWrite(path, because: message.lowercased()) }
    }
}
