public import Imaging

extension AnyRaster {
    /// The same pixels without their opacity: grey and alpha becomes grey, RGBA becomes RGB.
    ///
    /// Colours are not blended with a background: what is invisible keeps its stored colour. Rasters of
    /// 1 or 3 channels are returned as they are.
    public func withoutAlpha() -> AnyRaster {
        guard channels == 2 || channels == 4 else { return self }
        return switch self {
        case .uint8(let raster): .uint8(raster.withoutLastChannel())
        case .int8(let raster): .int8(raster.withoutLastChannel())
        case .uint16(let raster): .uint16(raster.withoutLastChannel())
        case .int16(let raster): .int16(raster.withoutLastChannel())
        case .uint32(let raster): .uint32(raster.withoutLastChannel())
        case .int32(let raster): .int32(raster.withoutLastChannel())
        case .uint64(let raster): .uint64(raster.withoutLastChannel())
        case .int64(let raster): .int64(raster.withoutLastChannel())
        case .float32(let raster): .float32(raster.withoutLastChannel())
        case .float64(let raster): .float64(raster.withoutLastChannel())
        }
    }
}

extension Raster {
    fileprivate func withoutLastChannel() -> Raster {
        var kept: [Sample] = []
        kept.reserveCapacity(size.count * (channels - 1))
        for pixel in stride(from: 0, to: samples.count, by: channels) {
            kept.append(contentsOf: samples[pixel..<pixel + channels - 1])
        }
        return Raster(unchecked: size, channels: channels - 1, samples: kept)
    }
}
