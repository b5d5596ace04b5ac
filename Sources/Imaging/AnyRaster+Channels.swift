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

    /// A row or a column of a plane.
    public enum Line: Hashable, Sendable {
        /// The row of this number.
        case row(Int)
        /// The column of this number.
        case column(Int)
    }

    /// Puts the same row, or column, of each plane below that of the plane before: a cut across a stack.
    ///
    /// - Parameters:
    ///   - line: In all planes.
    ///   - planes: At least one; all of one size, one sample type and one number of channels.
    ///   - channel: Which channel; the result has one.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` or
    ///   ``ImagingError/invalidParameter(_:reason:)``.
    public init(_ line: Line, of planes: [AnyRaster], channel: Int = 0) throws(ImagingError) {
        guard let first = planes.first, channel < first.channels else {
            throw .invalidParameter("planes", reason: "there are none with such a channel")
        }
        for plane in planes {
            guard plane.size == first.size else {
                throw .sizeMismatch("plane", expected: first.size, found: plane.size)
            }
            guard plane.sampleType == first.sampleType, plane.channels == first.channels else {
                throw .invalidParameter("planes", reason: "must be of one type")
            }
        }
        func lines<Sample: Sendable>(of type: Sample.Type) -> [[Sample]] {
            planes.compactMap { $0.samples(of: type)?.line(line, channel) }
        }
        self =
            switch first {
            case .uint8: .uint8(Raster(lines(of: UInt8.self)))
            case .int8: .int8(Raster(lines(of: Int8.self)))
            case .uint16: .uint16(Raster(lines(of: UInt16.self)))
            case .int16: .int16(Raster(lines(of: Int16.self)))
            case .uint32: .uint32(Raster(lines(of: UInt32.self)))
            case .int32: .int32(Raster(lines(of: Int32.self)))
            case .uint64: .uint64(Raster(lines(of: UInt64.self)))
            case .int64: .int64(Raster(lines(of: Int64.self)))
            case .float32: .float32(Raster(lines(of: Float.self)))
            case .float64: .float64(Raster(lines(of: Double.self)))
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

    /// The samples of a row or column.
    fileprivate func line(_ line: AnyRaster.Line, _ channel: Int) -> [Sample] {
        switch line {
        case .row(let y):
            let start = y * size.width * channels + channel
            return (0..<size.width).map { samples[start + $0 * channels] }
        case .column(let x):
            return (0..<size.height).map { samples[($0 * size.width + x) * channels + channel] }
        }
    }

    /// One line below the other; all of one length.
    fileprivate init(_ lines: [[Sample]]) {
        self.init(
            unchecked: Size(width: lines[0].count, height: lines.count),
            samples: lines.flatMap { $0 }
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
