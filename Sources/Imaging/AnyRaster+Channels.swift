extension AnyRaster {
    /// One of the channels.
    ///
    /// - Parameter index: Counted from 0; must exist.
    public func channel(_ index: Int) -> AnyRaster {
        switch self {
        case .uint8(let raster): .uint8(raster.channel(index))
        case .int8(let raster): .int8(raster.channel(index))
        case .uint16(let raster): .uint16(raster.channel(index))
        case .int16(let raster): .int16(raster.channel(index))
        case .uint32(let raster): .uint32(raster.channel(index))
        case .int32(let raster): .int32(raster.channel(index))
        case .uint64(let raster): .uint64(raster.channel(index))
        case .int64(let raster): .int64(raster.channel(index))
        case .float32(let raster): .float32(raster.channel(index))
        case .float64(let raster): .float64(raster.channel(index))
        }
    }

    /// Combines planes to the channels of one raster, in their order.
    ///
    /// - Parameter planes: At least one; all of one channel, one size and one sample type.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` or
    ///   ``ImagingError/invalidParameter(_:reason:)``.
    public init(channels planes: [AnyRaster]) throws(ImagingError) {
        guard let first = planes.first else {
            throw .invalidParameter("channels", reason: "there are none")
        }
        for plane in planes {
            guard plane.size == first.size else {
                throw .sizeMismatch("channel", expected: first.size, found: plane.size)
            }
            guard plane.sampleType == first.sampleType, plane.channels == 1 else {
                throw .invalidParameter("channels", reason: "must be of one type and grey")
            }
        }
        self =
            switch first {
            case .uint8:
                .uint8(Raster(interleaving: planes.compactMap { $0.samples(of: UInt8.self) }))
            case .int8: .int8(Raster(interleaving: planes.compactMap { $0.samples(of: Int8.self) }))
            case .uint16:
                .uint16(Raster(interleaving: planes.compactMap { $0.samples(of: UInt16.self) }))
            case .int16:
                .int16(Raster(interleaving: planes.compactMap { $0.samples(of: Int16.self) }))
            case .uint32:
                .uint32(Raster(interleaving: planes.compactMap { $0.samples(of: UInt32.self) }))
            case .int32:
                .int32(Raster(interleaving: planes.compactMap { $0.samples(of: Int32.self) }))
            case .uint64:
                .uint64(Raster(interleaving: planes.compactMap { $0.samples(of: UInt64.self) }))
            case .int64:
                .int64(Raster(interleaving: planes.compactMap { $0.samples(of: Int64.self) }))
            case .float32:
                .float32(Raster(interleaving: planes.compactMap { $0.samples(of: Float.self) }))
            case .float64:
                .float64(Raster(interleaving: planes.compactMap { $0.samples(of: Double.self) }))
            }
    }

    /// The raster if it has samples of this type.
    private func samples<Sample>(of type: Sample.Type) -> Raster<Sample>? {
        switch self {
        case .uint8(let raster): raster as? Raster<Sample>
        case .int8(let raster): raster as? Raster<Sample>
        case .uint16(let raster): raster as? Raster<Sample>
        case .int16(let raster): raster as? Raster<Sample>
        case .uint32(let raster): raster as? Raster<Sample>
        case .int32(let raster): raster as? Raster<Sample>
        case .uint64(let raster): raster as? Raster<Sample>
        case .int64(let raster): raster as? Raster<Sample>
        case .float32(let raster): raster as? Raster<Sample>
        case .float64(let raster): raster as? Raster<Sample>
        }
    }
}

extension Raster {
    fileprivate func channel(_ index: Int) -> Raster {
        precondition((0..<channels).contains(index), "no such channel")
        guard channels > 1 else { return self }
        return Raster(
            unchecked: size,
            samples: stride(from: index, to: samples.count, by: channels).map { samples[$0] }
        )
    }

    /// Interleaves planes that were checked to be of one channel and size.
    fileprivate init(interleaving planes: [Raster]) {
        let size = planes[0].size
        var samples: [Sample] = []
        samples.reserveCapacity(size.count * planes.count)
        for pixel in 0..<size.count {
            for plane in planes { samples.append(plane.samples[pixel]) }
        }
        self.init(unchecked: size, channels: planes.count, samples: samples)
    }
}
