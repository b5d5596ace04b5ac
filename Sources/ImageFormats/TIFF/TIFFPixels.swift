import Imaging

/// Decodes a region of one page.
struct TIFFPixels {
    let page: TIFFPage
    let region: Region

    /// The sample of each pixel that is wanted, or nil for all of them interleaved.
    let picked: Int?

    /// Bytes between the first strip of the page and the plane that is meant: not 0 only in ImageJ
    /// stacks that have one page for many planes.
    let stackOffset: Int

    let path: String

    /// Samples of one pixel of the result.
    var channels: Int { picked == nil ? page.samplesPerPixel : 1 }

    /// Samples of one pixel in a stored row.
    private var rowChannels: Int { page.isPlanar ? 1 : page.samplesPerPixel }

    /// Decodes from the selected page of `file`, which must be `page`.
    func decode(
        _ file: borrowing TIFFFile,
        raw: borrowing RawFile,
        into raster: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the raster has the size of the region, which lies in the page.
        try checkLayout()
        let samples =
            page.isPlanar ? (picked.map { $0...$0 } ?? 0...page.samplesPerPixel - 1) : 0...0
        for sample in samples {
            let placement = RowPlacement(
                samples: page.samples,
                sourceChannels: rowChannels,
                picked: page.isPlanar ? nil : picked,
                targetChannels: channels,
                targetChannel: page.isPlanar && picked == nil ? sample : 0,
                width: region.width
            )
            if page.canBeReadRaw {
                try copyRawRows(of: sample, file, raw, placement, into: raster)
            } else if page.canBeReadByBlock {
                try decodeBlocks(of: sample, file, placement, into: raster)
            } else {
                try decodeRows(of: sample, file, placement, into: raster)
            }
        }
    }

    /// libtiff and we must agree on what one row and one tile are.
    private func checkLayout() throws(ImageFormatError) {
        let rowBits = page.width * rowChannels * page.samples.bits
        let tileRow = (page.blockWidth * rowChannels * page.samples.bits + 7) / 8
        let isConsistent =
            page.isTiled
            ? page.tileBytes == tileRow * page.blockHeight : page.rowBytes == (rowBits + 7) / 8
        guard isConsistent else {
            throw ImageFormatError(
                .unsupported,
                path: path,
                "an unusual arrangement of pixels in rows",
                advice: "save the image as a plain TIFF"
            )
        }
    }

    /// Rows of large strips one by one, so that memory is bounded by the row.
    private func decodeRows(
        of sample: Int,
        _ file: borrowing TIFFFile,
        _ placement: RowPlacement,
        into raster: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the temporary bytes have the size of a row, and live as long as this call.
        let row = try TemporaryBytes(page.rowBytes, path: path)
        let scratch = try TemporaryBytes(placement.scratchBytes(for: region.width), path: path)
        // A strip can only be decoded from its first row on.
        for y in region.y / page.blockHeight * page.blockHeight..<region.endY {
            try file.readRow(y, sample: sample, into: row.bytes)
            guard y >= region.y else { continue }
            placement.place(
                UnsafeRawBufferPointer(row.bytes),
                first: region.x,
                count: region.width,
                x: 0,
                y: y - region.y,
                scratch: scratch.bytes,
                into: raster
            )
        }
    }

    /// Uncompressed rows are read where they lie, so that a region costs only its own bytes.
    private func copyRawRows(
        of sample: Int,
        _ file: borrowing TIFFFile,
        _ raw: borrowing RawFile,
        _ placement: RowPlacement,
        into raster: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the temporary bytes have room for the columns of the region, and live as
        // long as this call.
        let sampleBytes = page.samples.bits / 8
        let pixelBytes = rowChannels * sampleBytes
        let row = try TemporaryBytes(region.width * pixelBytes, path: path)
        let scratch = try TemporaryBytes(placement.scratchBytes(for: region.width), path: path)
        let stripsPerSample = (page.height + page.blockHeight - 1) / page.blockHeight
        var strip = (index: -1, offset: UInt64(0), bytes: UInt64(0))
        for y in region.y..<region.endY {
            let index = sample * stripsPerSample + y / page.blockHeight
            if index != strip.index {
                let block = try file.block(index)
                strip = (index, block.offset, block.bytes)
            }
            if strip.offset == 0, strip.bytes == 0 {
                row.bytes.initializeMemory(as: UInt8.self, repeating: 0)
                place(row, y, placement, scratch, into: raster)
                continue
            }
            let start = (y % page.blockHeight) * page.rowBytes + region.x * pixelBytes
            guard UInt64(start + row.bytes.count) <= strip.bytes else {
                throw ImageFormatError(
                    .damaged,
                    path: path,
                    "strip \(index) is shorter than its rows",
                    advice: "the file is cut short or damaged; copy or export it again"
                )
            }
            try raw.read(at: strip.offset, stackOffset + start, into: row.bytes)
            if file.isBigEndian { reverseBytes(in: row.bytes, size: sampleBytes) }
            place(row, y, placement, scratch, into: raster)
        }
    }

    /// Places the columns of the region of row `y` of the page.
    private func place(
        _ row: borrowing TemporaryBytes,
        _ y: Int,
        _ placement: RowPlacement,
        _ scratch: borrowing TemporaryBytes,
        into raster: UnsafeMutableRawBufferPointer
    ) {
        // Safe because the row has the columns of the region, and `y` lies in the region.
        placement.place(
            UnsafeRawBufferPointer(row.bytes),
            first: 0,
            count: region.width,
            x: 0,
            y: y - region.y,
            scratch: scratch.bytes,
            into: raster
        )
    }

    /// Whole tiles or strips, and of each the part that is wanted.
    private func decodeBlocks(
        of sample: Int,
        _ file: borrowing TIFFFile,
        _ placement: RowPlacement,
        into raster: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the temporary bytes have room for a whole block, and every row that is
        // placed lies in the block and in the region.
        let across = (page.width + page.blockWidth - 1) / page.blockWidth
        let down = (page.height + page.blockHeight - 1) / page.blockHeight
        let rowBytes = page.isTiled ? page.tileBytes / page.blockHeight : page.rowBytes
        let block = try TemporaryBytes(rowBytes * page.blockHeight, path: path)
        let scratch = try TemporaryBytes(placement.scratchBytes(for: page.blockWidth), path: path)
        for blockY in region.y / page.blockHeight...(region.endY - 1) / page.blockHeight {
            let top = blockY * page.blockHeight
            // The last strip ends with the image; tiles are always whole.
            let rows = page.isTiled ? page.blockHeight : min(page.blockHeight, page.height - top)
            let bytes = UnsafeMutableRawBufferPointer(rebasing: block.bytes[..<(rows * rowBytes)])
            for blockX in region.x / page.blockWidth...(region.endX - 1) / page.blockWidth {
                try readBlock((sample * down + blockY) * across + blockX, file, into: bytes)
                let left = blockX * page.blockWidth
                let columns = max(left, region.x)..<min(left + page.blockWidth, region.endX)
                for y in max(top, region.y)..<min(top + rows, region.endY) {
                    let start = (y - top) * rowBytes
                    placement.place(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + rowBytes]),
                        first: columns.lowerBound - left,
                        count: columns.count,
                        x: columns.lowerBound - region.x,
                        y: y - region.y,
                        scratch: scratch.bytes,
                        into: raster
                    )
                }
            }
        }
    }

    /// A block that was never written (length 0) is all zero, as writers of sparse files mean it.
    private func readBlock(
        _ index: Int,
        _ file: borrowing TIFFFile,
        into block: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the block is written within its size, which libtiff is told.
        let place = try file.block(index)
        if place.bytes == 0, place.offset == 0 {
            block.initializeMemory(as: UInt8.self, repeating: 0)
        } else {
            try file.readBlock(index, isTile: page.isTiled, into: block)
        }
    }
}

extension TIFFPage {
    /// Whether rows lie in the file as they are, whole bytes a sample.
    fileprivate var canBeReadRaw: Bool {
        compression == .none && !isTiled && samples.bits.isMultiple(of: 8) && !isFillOrderReversed
    }

    /// Whether tiles or strips are small enough to be decoded as a whole.
    ///
    /// PackBits always is: some programs let its runs continue in the next row, which would be lost
    /// row by row.
    fileprivate var canBeReadByBlock: Bool {
        isTiled || compression == .packBits || rowBytes * blockHeight <= 64 << 20
    }
}

/// Reverses the bytes of each sample of `size` bytes.
func reverseBytes(in bytes: UnsafeMutableRawBufferPointer, size: Int) {
    // Safe because the buffer holds whole samples of this size.
    switch size {
    case 2:
        for offset in stride(from: 0, to: bytes.count, by: 2) {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
            bytes.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: UInt16.self)
        }
    case 3:
        for offset in stride(from: 0, to: bytes.count, by: 3) { bytes.swapAt(offset, offset + 2) }
    case 4:
        for offset in stride(from: 0, to: bytes.count, by: 4) {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            bytes.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: UInt32.self)
        }
    case 8:
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            bytes.storeBytes(of: value.byteSwapped, toByteOffset: offset, as: UInt64.self)
        }
    default: break
    }
}
