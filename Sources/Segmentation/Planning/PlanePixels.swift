public import Imaging
import Synchronization

/// The pixels of a plane as a model sees them: three channels, stretched to 0...255.
///
/// The plane is read when it is needed; what is needed more than once, the whole stretched plane and its
/// range of intensities, is kept.
public final class PlanePixels: Sendable {
    /// The plane.
    public let source: any PixelSource

    /// How it is stretched.
    public let normalization: Normalization

    private let isStretched: Bool

    private struct Known {
        var whole: Raster<UInt8>?
        var ranges: IntensityRanges?
        var isBlank: Bool?
    }

    private let known = Mutex(Known())

    /// Will read a plane.
    ///
    /// - Parameter normalization: How it is stretched; a model that wants another way stretches anew.
    public convenience init(_ source: any PixelSource, _ normalization: Normalization = .minmax) {
        self.init(source, normalization, isStretched: false)
    }

    /// Wraps a plane that is stretched already.
    public convenience init(normalized: Raster<UInt8>) {
        self.init(AnyRaster.uint8(normalized), .minmax, isStretched: true)
        known.withLock { $0.whole = normalized }
    }

    private init(_ source: any PixelSource, _ normalization: Normalization, isStretched: Bool) {
        (self.source, self.normalization) = (source, normalization)
        self.isStretched = isStretched
    }

    /// The same plane as a model wants it stretched.
    func stretched(_ normalization: Normalization) -> PlanePixels {
        isStretched || normalization == self.normalization
            ? self : PlanePixels(source, normalization)
    }

    /// Width and height of the plane.
    public var size: Size { source.size }

    /// The whole plane.
    ///
    /// - Throws: What reading throws; `ImagingError.notFinite` for values that cannot be stretched.
    public func whole() throws -> Raster<UInt8> {
        if let whole = known.withLock({ $0.whole }) { return whole }
        let pixels = try source.read()
        let ranges = try knownRanges ?? IntensityRanges(of: pixels, normalization)
        let whole = try pixels.normalizedRGB(ranges)
        known.withLock { ($0.whole, $0.ranges) = (whole, ranges) }
        return whole
    }

    /// A part of the plane.
    ///
    /// - Parameter intensities: What the part is stretched by.
    public func part(
        _ region: Region,
        _ intensities: Division.Intensities
    ) throws -> Raster<UInt8> {
        switch intensities {
        case .tile: return try source.read(region).normalizedRGB(normalization)
        case .plane:
            if let whole = known.withLock({ $0.whole }) { return try whole.cropped(to: region) }
            return try source.read(region).normalizedRGB(ranges())
        }
    }

    /// Whether nothing can be seen in the plane, so that it has no objects; read as far as to the first
    /// contrast.
    ///
    /// - Throws: As ``whole()``, for values that were read.
    public func isBlank() throws -> Bool {
        if let isBlank = known.withLock({ $0.ranges?.isBlank ?? $0.isBlank }) { return isBlank }
        var ranges: IntensityRanges?
        for band in source.bands where ranges?.isBlank != false {
            let found = try source.read(band).intensityRanges()
            ranges = ranges?.union(found) ?? found
        }
        let isBlank = ranges?.isBlank != false
        known.withLock { $0.isBlank = isBlank }
        return isBlank
    }

    /// Whether nothing can be seen in a part of the plane.
    ///
    /// - Throws: As ``whole()``, for values of the part.
    func isBlank(_ region: Region) throws -> Bool {
        try source.read(region).intensityRanges().isBlank
    }

    /// The range of intensities that the whole plane is stretched from; the plane is read for it.
    public func ranges() throws -> IntensityRanges {
        if let knownRanges { return knownRanges }
        let ranges = try IntensityRanges(of: source, normalization)
        known.withLock { $0.ranges = ranges }
        return ranges
    }

    private var knownRanges: IntensityRanges? { known.withLock { $0.ranges } }
}
