import ImageFormats
import Imaging
import Synchronization

/// Decoded planes, so that drawing many patches from a few images decodes each image once.
final class PlaneCache: Sendable {
    /// A plane in memory.
    struct Plane: Sendable {
        let image: Raster<Float>
        let labels: LabelImage
    }

    /// Smallest and largest value of each channel.
    typealias Ranges = [ClosedRange<Float>]

    private struct Key: Hashable {
        let pair: Int
        let plane: Int
    }

    private struct State {
        var planes: [Key: (plane: Plane, lastUse: UInt64)] = [:]
        var ranges: [Key: Ranges] = [:]
        /// Nil is kept for planes without objects.
        var diameters: [Key: Double?] = [:]
        var clock: UInt64 = 0
        var usedBytes = 0
    }

    private let readers: [AnnotatedPlanes]
    private let budget: Int
    private let normalization: Normalization
    private let state = Mutex(State())

    /// Keeps planes of these pairs, `budget` bytes in all; larger planes are read in parts.
    init(_ readers: [AnnotatedPlanes], budget: Int, normalization: Normalization = .minmax) {
        self.readers = readers
        self.normalization = normalization
        self.budget = budget
    }

    /// The labels of a part of a plane.
    func labels(_ pair: Int, plane: Int, region: Region) throws -> LabelImage {
        guard fits(pair) else { return try readers[pair].labels(plane: plane, region: region) }
        return try loaded(pair, plane).labels.cropped(to: region)
    }

    /// The image in a part of a plane.
    func image(_ pair: Int, plane: Int, region: Region) throws -> Raster<Float> {
        guard fits(pair) else { return try readers[pair].floats(plane: plane, region: region) }
        return try loaded(pair, plane).image.cropped(to: region)
    }

    /// The values of each channel that a whole plane is stretched from.
    ///
    /// - Throws: ``TrainingDataError/unusableImage(file:reason:advice:)`` for values that are not finite.
    func ranges(_ pair: Int, plane: Int) throws -> Ranges {
        let key = Key(pair: pair, plane: plane)
        if let known = state.withLock({ $0.ranges[key] }) { return known }
        let image =
            try fits(pair) ? loaded(pair, plane).image : readers[pair].floats(plane: plane)
        guard let full = image.channelRanges() else {
            throw TrainingDataError.unusableImage(
                file: readers[pair].pair.image,
                reason: "plane \(plane) has values that are not finite (NaN or infinite)",
                advice: "replace them before training"
            )
        }
        let ranges =
            normalization == .minmax
            ? full : try IntensityRanges(of: AnyRaster.float32(image), normalization).channels
        state.withLock { $0.ranges[key] = ranges }
        return ranges
    }

    /// The typical diameter of the objects of a plane, in pixels; nil without objects.
    ///
    /// Of planes that are not kept in memory, the part in the middle stands for all.
    func typicalDiameter(_ pair: Int, plane: Int) throws -> Double? {
        let key = Key(pair: pair, plane: plane)
        if let known = state.withLock({ $0.diameters[key] }) { return known }
        let labels =
            try fits(pair)
            ? loaded(pair, plane).labels
            : readers[pair].labels(plane: plane, region: Self.middle(of: readers[pair].size))
        let diameter = try labels.typicalWidths()?.diameter
        state.withLock { $0.diameters[key] = .some(diameter) }
        return diameter
    }

    private static func middle(of size: Size) -> Region {
        let (width, height) = (min(size.width, 4096), min(size.height, 4096))
        return Region(
            x: (size.width - width) / 2,
            y: (size.height - height) / 2,
            width: width,
            height: height
        )
    }

    private func byteCount(_ pair: Int) -> Int {
        readers[pair].size.count * (4 * readers[pair].channels + 4)
    }

    private func fits(_ pair: Int) -> Bool { byteCount(pair) <= budget / 2 }

    private func loaded(_ pair: Int, _ plane: Int) throws -> Plane {
        let key = Key(pair: pair, plane: plane)
        let known: Plane? = state.withLock { state in
            state.clock += 1
            state.planes[key]?.lastUse = state.clock
            return state.planes[key]?.plane
        }
        if let known { return known }
        // Two threads may decode the same plane; that costs time once and changes nothing.
        let plane = try Plane(
            image: readers[pair].floats(plane: plane),
            labels: readers[pair].labels(plane: plane)
        )
        let bytes = byteCount(pair)
        state.withLock { state in
            guard state.planes[key] == nil else { return }
            while state.usedBytes + bytes > budget,
                let oldest = state.planes.min(by: { $0.value.lastUse < $1.value.lastUse })?.key
            {
                state.planes[oldest] = nil
                state.usedBytes -= byteCount(oldest.pair)
            }
            state.planes[key] = (plane, state.clock)
            state.usedBytes += bytes
        }
        return plane
    }
}

extension Raster where Sample == Float {
    /// Smallest and largest value of each channel, or nil if a value is not finite.
    func channelRanges() -> [ClosedRange<Float>]? {
        var ranges: [ClosedRange<Float>] = []
        for channel in 0..<channels {
            var low = Float.infinity
            var high = -Float.infinity
            var isFinite = true
            for index in stride(from: channel, to: samples.count, by: channels) {
                let value = samples[index]
                isFinite = isFinite && value.isFinite
                low = min(low, value)
                high = max(high, value)
            }
            guard isFinite else { return nil }
            ranges.append(low...high)
        }
        return ranges
    }
}
