import Foundation
import ImageFormats
import Imaging

extension OpenImage {
    /// Longest side of a thumbnail.
    private static let thumbnailSide = 256

    /// A small picture as PNG: the middle slice, stretched; of several channels the first three as red, green
    /// and blue.
    func thumbnail() throws -> Data {
        let z = source.description.axes.z / 2
        let level = plan.sizes.count - 1
        let shown = channelCount >= 2 ? min(channelCount, 3) : 1
        let ranges = try ranges()
        var planes: [Raster<UInt8>] = []
        for channel in 0..<shown {
            guard
                var pixels = try tile(
                    level: level,
                    t: 0,
                    z: z,
                    row: 0,
                    column: 0,
                    channel: channel
                )
            else { throw ServerError.noSuchTile }
            while pixels.size.longestSide > Self.thumbnailSide { pixels = pixels.halved() }
            planes.append(pixels.stretched(from: ranges[channel].low, to: ranges[channel].high))
        }
        if planes.count == 2 {
            planes.append(Raster(repeating: 0, size: planes[0].size))
        }
        let picture = try AnyRaster(channels: planes.map { .uint8($0) })
        return try picture.pngData()
    }
}

extension DisplayPixels {
    /// 8 bits between two intensities.
    fileprivate func stretched(from low: Double, to high: Double) -> Raster<UInt8> {
        let scale = high > low ? 255 / (high - low) : 0
        func value(_ sample: Double) -> UInt8 {
            guard sample.isFinite else { return 0 }
            return UInt8(min(max((sample - low) * scale, 0), 255))
        }
        return switch self {
        case .uint8(let raster): raster.map { value(Double($0)) }
        case .uint16(let raster): raster.map { value(Double($0)) }
        case .float32(let raster): raster.map { value(Double($0)) }
        }
    }
}
