import Files
public import Imaging

/// Where the pixels come from of which embeddings are stored: one image, or a stack of planes (a
/// volume or time series), read by region.
public struct EmbeddingInput {
    /// Width and height of a plane.
    public let size: Size

    /// Number of planes of a stack; nil for one image.
    public let depth: Int?

    private let readRegion: (_ plane: Int, _ region: Region) throws -> AnyRaster

    /// Describes an image or stack.
    ///
    /// - Parameters:
    ///   - size: Width and height of a plane.
    ///   - depth: Number of planes of a stack; nil for one image.
    ///   - reading: Gives the pixels of a region of a plane as stored.
    public init(
        size: Size,
        depth: Int? = nil,
        reading: @escaping (_ plane: Int, _ region: Region) throws -> AnyRaster
    ) {
        self.size = size
        self.depth = depth
        readRegion = reading
    }

    /// Wraps an image in memory.
    public init(_ image: AnyRaster) {
        self.init(size: image.size) { _, region in
            region == Region(image.size) ? image : try image.cropped(to: region)
        }
    }

    /// Number of planes, 1 for one image.
    public var planeCount: Int { depth ?? 1 }

    /// The pixels of a region as stored.
    ///
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if what was read has another size.
    public func read(plane: Int, _ region: Region) throws -> AnyRaster {
        let raster = try readRegion(plane, region)
        guard raster.size == region.size else {
            throw ImagingError.sizeMismatch(
                "region that was read",
                expected: region.size,
                found: raster.size
            )
        }
        return raster
    }

    /// The SHA-1 hash of all samples, plane by plane and row by row with interleaved channels, each in
    /// little-endian order: that of the array `[planes,] height, width[, channels]`.
    ///
    /// Reads everything once, in bands of rows of about 64 MB.
    ///
    /// - Source: `_compute_data_signature` in micro-sam, `util.py`.
    public func dataSignature() throws -> String {
        var hash = SHA1()
        let rows = max((16 << 20) / max(size.width, 1), 1)
        for plane in 0..<planeCount {
            for y in stride(from: 0, to: size.height, by: rows) {
                try Task.checkCancellation()
                let height = min(rows, size.height - y)
                let band = Region(x: 0, y: y, width: size.width, height: height)
                try read(plane: plane, band).withSampleBytes { hash.update($0) }
            }
        }
        return hash.finish()
    }
}

extension AnyRaster {
    /// The samples as they lie in memory.
    fileprivate func withSampleBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        switch self {
        case .uint8(let raster): raster.samples.withUnsafeBytes(body)
        case .int8(let raster): raster.samples.withUnsafeBytes(body)
        case .uint16(let raster): raster.samples.withUnsafeBytes(body)
        case .int16(let raster): raster.samples.withUnsafeBytes(body)
        case .uint32(let raster): raster.samples.withUnsafeBytes(body)
        case .int32(let raster): raster.samples.withUnsafeBytes(body)
        case .uint64(let raster): raster.samples.withUnsafeBytes(body)
        case .int64(let raster): raster.samples.withUnsafeBytes(body)
        case .float32(let raster): raster.samples.withUnsafeBytes(body)
        case .float64(let raster): raster.samples.withUnsafeBytes(body)
        }
    }
}
