public import Imaging
public import Prompting
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

    /// What stands for the stack that the plane is one of; nil for a plane alone.
    public let stack: StackSample?

    private let isStretched: Bool

    private struct Known {
        var whole: Raster<UInt8>?
        var ranges: IntensityRanges?
        var isBlank: Bool?
    }

    private let known = Mutex(Known())

    /// Will read a plane.
    ///
    /// - Parameters:
    ///   - normalization: How it is stretched; a model that wants another way stretches anew.
    ///   - stack: The stack that the plane is one of, if the source does not know it.
    public convenience init(
        _ source: any PixelSource,
        _ normalization: Normalization = .minmax,
        in stack: StackSample? = nil
    ) {
        self.init(source, normalization, stack ?? source.stackSample, isStretched: false)
    }

    /// Wraps a plane that is stretched already.
    public convenience init(normalized: Raster<UInt8>) {
        self.init(AnyRaster.uint8(normalized), .minmax, nil, isStretched: true)
        known.withLock { $0.whole = normalized }
    }

    private init(
        _ source: any PixelSource,
        _ normalization: Normalization,
        _ stack: StackSample?,
        isStretched: Bool
    ) {
        (self.source, self.normalization, self.stack) = (source, normalization, stack)
        self.isStretched = isStretched
    }

    /// The same plane as a model wants it stretched.
    func stretched(_ normalization: Normalization) -> PlanePixels {
        isStretched || normalization == self.normalization
            ? self : PlanePixels(source, normalization, in: stack)
    }

    /// Width and height of the plane.
    public var size: Size { source.size }

    /// The whole plane.
    ///
    /// - Throws: What reading throws; `ImagingError.notFinite` for values that cannot be stretched;
    ///   `CancellationError`.
    public func whole(_ work: Work = Work()) throws -> Raster<UInt8> {
        if let whole = known.withLock({ $0.whole }) { return whole }
        try work.checkpoint()
        let pixels = try source.read()
        try work.checkpoint()
        let interruptible = InterruptibleSource(source: pixels, work: work)
        let ranges = try knownRanges ?? IntensityRanges(of: interruptible, normalization)
        try work.checkpoint()
        let whole = try pixels.normalizedRGB(ranges)
        known.withLock { ($0.whole, $0.ranges) = (whole, ranges) }
        return whole
    }

    /// A part of the plane.
    ///
    /// - Parameter intensities: What the part is stretched by.
    public func part(
        _ region: Region,
        _ intensities: Division.Intensities,
        _ work: Work = Work()
    ) throws -> Raster<UInt8> {
        try work.checkpoint()
        switch intensities {
        case .tile: return try source.read(region).normalizedRGB(normalization)
        case .plane:
            if let whole = known.withLock({ $0.whole }) { return try whole.cropped(to: region) }
            return try source.read(region).normalizedRGB(ranges(work))
        }
    }

    /// Whether nothing can be seen in the plane, so that it has no objects; read as far as to the first
    /// contrast.
    ///
    /// - Throws: As ``whole(_:)``, for values that were read.
    public func isBlank(_ work: Work = Work()) throws -> Bool {
        if let isBlank = known.withLock({ $0.ranges?.isBlank ?? $0.isBlank }) { return isBlank }
        var ranges: IntensityRanges?
        for band in source.bands where ranges?.isBlank != false {
            try work.checkpoint()
            let found = try source.read(band).intensityRanges()
            ranges = ranges?.union(found) ?? found
        }
        let isBlank = ranges?.isBlank != false
        known.withLock { $0.isBlank = isBlank }
        return isBlank
    }

    /// Whether nothing can be seen in a part of the plane.
    ///
    /// - Throws: As ``whole(_:)``, for values of the part.
    func isBlank(_ region: Region) throws -> Bool {
        try source.read(region).intensityRanges().isBlank
    }

    /// The range of intensities that the whole plane is stretched from; the plane is read for it.
    public func ranges(_ work: Work = Work()) throws -> IntensityRanges {
        if let knownRanges { return knownRanges }
        let interruptible = InterruptibleSource(source: source, work: work)
        let ranges = try IntensityRanges(of: interruptible, normalization)
        known.withLock { $0.ranges = ranges }
        return ranges
    }

    private var knownRanges: IntensityRanges? { known.withLock { $0.ranges } }
}

/// A plane whose reading can end, or give way to something else, between two regions.
private struct InterruptibleSource: PixelSource {
    let source: any PixelSource
    let work: Work

    var size: Size { source.size }

    func read(_ region: Region) throws -> AnyRaster {
        try work.checkpoint()
        return try source.read(region)
    }
}
