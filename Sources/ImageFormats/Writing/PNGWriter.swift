import CImageCodecs
public import Foundation
public import Imaging

extension AnyRaster {
    /// Writes an 8- or 16-bit plane with 1 (grey), 2 (grey and alpha), 3 (RGB) or 4 (RGBA) channels
    /// as a PNG file that replaces an existing one only when it is complete.
    ///
    /// - Throws: ``ImageFormatError`` if the samples do not fit PNG, or the file can not be written;
    ///   no partial file remains.
    public func writePNG(to url: URL) throws(ImageFormatError) {
        guard sampleType == .uint8 || sampleType == .uint16, (1...4).contains(channels),
            size.longestSide <= Int(Int32.max)
        else {
            throw ImageFormatError(
                .invalidPixels,
                path: url.path,
                "PNG can not hold \(channels) samples of \(sampleType) a pixel",
                advice: "convert to 8 or 16 bits with 1 to 4 channels, or write TIFF"
            )
        }
        var destination = try AtomicFile(replacing: url)
        let file = try PNGFile(path: url.path)
        var header = mic_png_header()
        header.width = UInt32(size.width)
        header.height = UInt32(size.height)
        header.bit_depth = UInt8(sampleType.byteCount * 8)
        header.color_type = [0, 4, 2, 6][channels - 1]
        try file.check(mic_png_create(file.handle, destination.temporaryPath, &header))
        let rowBytes = size.width * channels * sampleType.byteCount
        try withBytes { bytes throws(ImageFormatError) in
            for row in 0..<size.height {
                let start = row * rowBytes
                let line = UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowBytes])
                try file.check(
                    mic_png_write_row(file.handle, line.baseAddress, UInt64(rowBytes))
                )
            }
        }
        try file.check(mic_png_synchronize(file.handle))
        try destination.commit()
    }
}

extension PNGFile {
    fileprivate func check(_ code: Int32) throws(ImageFormatError) {
        guard code == 0 else { throw .cannotWrite(path, because: message.lowercased()) }
    }
}
