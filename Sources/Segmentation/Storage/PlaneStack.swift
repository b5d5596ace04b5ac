import Files
public import Imaging
public import Prompting

/// Planes of equal size whose embeddings are stored together: one image, or a volume or time series.
public struct PlaneStack: Sendable {
    /// The planes, at least one.
    public let planes: [any PixelSource]

    /// Number of planes of a stack; nil for one image.
    public let depth: Int?

    /// Combines the planes of a stack.
    ///
    /// - Parameters:
    ///   - planes: At least one; all have the size of the first.
    ///   - isStack: Whether these are the planes of a stack; by default if there are several.
    public init(_ planes: [any PixelSource], isStack: Bool? = nil) {
        precondition(!planes.isEmpty, "a stack without planes")
        self.planes = planes
        depth = isStack ?? (planes.count > 1) ? planes.count : nil
    }

    /// Wraps one image.
    public init(_ plane: any PixelSource) { self.init([plane]) }

    /// Width and height of a plane.
    public var size: Size { planes[0].size }

    /// The pixels of a region of a plane as stored.
    ///
    /// - Throws: `ImagingError.sizeMismatch` if what was read has another size.
    public func read(plane: Int, _ region: Region) throws -> AnyRaster {
        let raster = try planes[plane].read(region)
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
    /// Reads everything once, in bands of rows.
    ///
    /// - Source: `_compute_data_signature` in micro-sam, `util.py`.
    public func dataSignature(_ work: Work = Work()) throws -> String {
        var hash = SHA1()
        for (index, plane) in planes.enumerated() {
            for band in plane.bands {
                try work.checkpoint()
                try read(plane: index, band).withSampleBytes { hash.update($0) }
            }
        }
        return hash.finish()
    }
}

extension AnyRaster {
    /// The samples as they lie in memory.
    fileprivate func withSampleBytes(_ body: (UnsafeRawBufferPointer) -> Void) {
        // Safe because the samples outlive the call of the body.
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
