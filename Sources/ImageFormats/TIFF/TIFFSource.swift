import Foundation

/// A TIFF file that is open, and its pages.
final class TIFFSource {
    let tiff: TIFFFile
    let raw: RawFile
    let list: TIFFPageList
    let limits: ReadingLimits

    init(_ input: InputFile, maximumDecodedBytes: Int) throws(ImageFormatError) {
        limits = ReadingLimits(
            path: input.path,
            byteCount: input.byteCount,
            maximumDecodedBytes: maximumDecodedBytes
        )
        tiff = try TIFFFile(input)
        list = try TIFFPageList(tiff, limits: limits)
        raw = try RawFile(path: input.path)
    }

    /// The description of the first page.
    var text: TIFFText? {
        guard list.text?.isCutUTF16 == true, let page = list.pages.first ?? nil,
            let entry = try? tags(of: page)[270],
            let bytes = try? raw.bytes(at: entry.offset, count: entry.count)
        else { return list.text }
        // Safe because the text copies the bytes.
        return bytes.withUnsafeBufferPointer { TIFFText($0) }
    }

    /// The tags of a page as they lie in the file.
    func tags(of page: TIFFPage) throws(ImageFormatError) -> TIFFTags {
        try TIFFTags(raw, at: page.directory, isBig: tiff.isBig, isBigEndian: tiff.isBigEndian)
    }

    /// Bytes of one plane, where those of others may follow it in the file; nil where pixels are not
    /// stored behind each other as they are.
    func bytesOfPlane(_ page: TIFFPage) throws(ImageFormatError) -> (first: UInt64, count: Int)? {
        guard page.compression == .none, !page.isTiled, page.samples.bits.isMultiple(of: 8),
            !page.isFillOrderReversed
        else { return nil }
        let planes = page.isPlanar ? page.samplesPerPixel : 1
        let (rows, overflow) = page.rowBytes.multipliedReportingOverflow(by: page.height)
        let (bytes, overflowToo) = rows.multipliedReportingOverflow(by: planes)
        guard !overflow, !overflowToo, bytes > 0 else { return nil }
        try tiff.select(page.directory)
        let first = try tiff.block(0)
        let last = try tiff.block(page.blockCount - 1)
        let rowsOfLast = page.height - (page.height - 1) / page.blockHeight * page.blockHeight
        // Some programs note the length of all planes as that of the strip.
        guard last.offset >= first.offset,
            last.offset - first.offset == UInt64(bytes - rowsOfLast * page.rowBytes)
        else { return nil }
        return (first.offset, bytes)
    }

    /// The planes behind the only page whose directory can be read, as tifffile writes them: pixels of
    /// all planes, then the directories of all but the first, which an interruption has cut off.
    func cutPlanes(behind page: Int) throws(ImageFormatError) -> [TIFFPlace] {
        guard list.pages.count == 1, let first = list.pages[page],
            let bytes = try bytesOfPlane(first), let next = try? tags(of: first).next,
            next > UInt64(limits.byteCount), next > bytes.first
        else { return [] }
        let (planes, rest) = (next - bytes.first).quotientAndRemainder(
            dividingBy: UInt64(bytes.count)
        )
        // Directories begin at even places or such of 16.
        guard planes > 1, rest < 16 else { return [] }
        return try places(Int(clamping: planes), behind: page)
    }

    /// The places of so many planes of which one page is the first; fewer where the file ends.
    func places(
        _ count: Int,
        behind page: Int
    ) throws(ImageFormatError) -> [TIFFPlace] {
        guard let first = list.pages[page], let bytes = try bytesOfPlane(first),
            UInt64(limits.byteCount) >= bytes.first
        else { return [TIFFPlace(page: page)] }
        let tags = try? tags(of: first)
        let end = tags?.firstByte(behind: bytes.first) ?? UInt64(limits.byteCount)
        let room = (min(end, UInt64(limits.byteCount)) - bytes.first) / UInt64(bytes.count)
        return (0..<min(count, max(1, Int(clamping: room)))).map {
            TIFFPlace(page: page, stackOffset: $0 * bytes.count)
        }
    }
}
