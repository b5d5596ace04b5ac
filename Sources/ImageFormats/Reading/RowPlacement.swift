import Imaging

/// Places decoded rows into the bytes of a raster: widens samples, and picks or joins channels.
///
/// Relies on: rows and columns given lie inside the raster; buffers hold what they promise.
struct RowPlacement {
    /// How the samples of a source row are stored.
    let samples: StoredSamples

    /// Samples of one pixel in a source row.
    let sourceChannels: Int

    /// The sample of a source pixel that is wanted, or nil for all of them.
    let picked: Int?

    /// Samples of one pixel in the raster, and where the source samples go among them.
    let targetChannels: Int
    let targetChannel: Int

    /// Width of the raster in pixels.
    let width: Int

    /// Writes `count` pixels of `row`, beginning at its pixel `first`, to column `x` of row `y`.
    func place(
        _ row: UnsafeRawBufferPointer,
        first: Int,
        count: Int,
        x: Int,
        y: Int,
        scratch: UnsafeMutableRawBufferPointer,
        into raster: UnsafeMutableRawBufferPointer
    ) {
        // Safe because the row, the scratch memory and the raster have room for the samples:
        // callers take the columns from the width of the block, and the target from that of the
        // region.
        let size = samples.sampleType.byteCount
        let target = (y * width + x) * targetChannels * size
        if picked == nil, sourceChannels == targetChannels {
            let bytes = count * sourceChannels * size
            samples.expand(
                row,
                from: first * sourceChannels,
                count: count * sourceChannels,
                into: UnsafeMutableRawBufferPointer(rebasing: raster[target..<target + bytes])
            )
            return
        }
        samples.expand(
            row,
            from: first * sourceChannels,
            count: count * sourceChannels,
            into: scratch
        )
        let source = UnsafeRawBufferPointer(
            rebasing: UnsafeRawBufferPointer(scratch)[((picked ?? 0) * size)...]
        )
        let result = UnsafeMutableRawBufferPointer(
            rebasing: raster[(target + targetChannel * size)...]
        )
        switch size {
        case 1: copy(UInt8.self, source, result, count)
        case 2: copy(UInt16.self, source, result, count)
        case 4: copy(UInt32.self, source, result, count)
        default: copy(UInt64.self, source, result, count)
        }
    }

    /// Bytes of scratch space for rows of `count` pixels.
    func scratchBytes(for count: Int) -> Int {
        count * sourceChannels * samples.sampleType.byteCount
    }

    private func copy<Sample: BitwiseCopyable>(
        _ type: Sample.Type,
        _ source: UnsafeRawBufferPointer,
        _ result: UnsafeMutableRawBufferPointer,
        _ count: Int
    ) {
        // Safe because `place` has set both buffers to begin at the first sample of a row with
        // `count` pixels.
        let size = MemoryLayout<Sample>.size
        for index in 0..<count {
            let value = source.loadUnaligned(
                fromByteOffset: index * sourceChannels * size,
                as: Sample.self
            )
            result.storeBytes(of: value, toByteOffset: index * targetChannels * size, as: type)
        }
    }
}
