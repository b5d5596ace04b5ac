package import Imaging

extension AnyRaster {
    /// Creates a raster whose bytes `fill` writes in native byte order, all of them.
    ///
    /// The size has been checked against the limits: no arithmetic here overflows.
    package static func filled(
        _ type: SampleType,
        size: Size,
        channels: Int,
        by fill: (UnsafeMutableRawBufferPointer) throws(ImageFormatError) -> Void
    ) throws(ImageFormatError) -> AnyRaster {
        // Safe because the memory has the size of the raster, and every byte pattern is a sample.
        switch type {
        case .uint8: .uint8(try raster(size, channels, fill))
        case .int8: .int8(try raster(size, channels, fill))
        case .uint16: .uint16(try raster(size, channels, fill))
        case .int16: .int16(try raster(size, channels, fill))
        case .uint32: .uint32(try raster(size, channels, fill))
        case .int32: .int32(try raster(size, channels, fill))
        case .uint64: .uint64(try raster(size, channels, fill))
        case .int64: .int64(try raster(size, channels, fill))
        case .float32: .float32(try raster(size, channels, fill))
        case .float64: .float64(try raster(size, channels, fill))
        }
    }

    private static func raster<Sample: Sendable & BitwiseCopyable>(
        _ size: Size,
        _ channels: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(ImageFormatError) -> Void
    ) throws(ImageFormatError) -> Raster<Sample> {
        let count = size.count * channels
        var failure: ImageFormatError?
        let samples = [Sample](unsafeUninitializedCapacity: count) { buffer, initialized in
            // Safe because samples are plain bits, and on failure none of them is kept.
            let bytes = UnsafeMutableRawBufferPointer(
                start: buffer.baseAddress,
                count: count * MemoryLayout<Sample>.stride
            )
            do throws(ImageFormatError) {
                try fill(bytes)
                initialized = count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return Raster(unchecked: size, channels: channels, samples: samples)
    }

    /// Calls `body` with the bytes of all samples in native byte order.
    package func withBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws(ImageFormatError) -> Result
    ) throws(ImageFormatError) -> Result {
        // Safe because the raster outlives the call of the body.
        switch self {
        case .uint8(let raster): try bytes(of: raster.samples, body)
        case .int8(let raster): try bytes(of: raster.samples, body)
        case .uint16(let raster): try bytes(of: raster.samples, body)
        case .int16(let raster): try bytes(of: raster.samples, body)
        case .uint32(let raster): try bytes(of: raster.samples, body)
        case .int32(let raster): try bytes(of: raster.samples, body)
        case .uint64(let raster): try bytes(of: raster.samples, body)
        case .int64(let raster): try bytes(of: raster.samples, body)
        case .float32(let raster): try bytes(of: raster.samples, body)
        case .float64(let raster): try bytes(of: raster.samples, body)
        }
    }

    private func bytes<Sample, Result>(
        of samples: [Sample],
        _ body: (UnsafeRawBufferPointer) throws(ImageFormatError) -> Result
    ) throws(ImageFormatError) -> Result {
        // Safe because the samples outlive the call of the body.
        let outcome: Swift.Result<Result, ImageFormatError> = samples.withUnsafeBytes { bytes in
            do throws(ImageFormatError) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }
}
