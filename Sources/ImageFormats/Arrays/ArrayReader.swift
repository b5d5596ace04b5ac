import Imaging
import Prompting
import Zarr

/// Reads planes out of arrays, one for each resolution level.
struct ArrayReader: PlaneReader {
    let description: ImageDescription

    private let levels: [any ArraySource]
    private let layout: ArrayLayout
    private let limits: ReadingLimits
    private let channels: Int

    /// What the container says beside the arrays.
    struct Metadata {
        var format: String
        var physicalSize = PhysicalSize()
        var channelNames: [String] = []
        var series: [SeriesDescription] = []
        var labelNames: [String] = []
        var notes: [ReadingNote] = []
        var byteCount = 0
    }

    /// - Parameter levels: At least one array; all of the same type and rank, and of the same extents
    ///   except along `y` and `x` (and `z`, of which only levels with as many slices are used).
    init(
        _ levels: [any ArraySource],
        layout: ArrayLayout,
        metadata: Metadata,
        path: String,
        options: ImageSource.Options
    ) throws(ImageFormatError) {
        let first = levels[0]
        let axes = layout.axes(of: first.shape)
        let channels = layout.channels(of: first.shape)
        self.channels = channels
        limits = ReadingLimits(
            path: path,
            byteCount: metadata.byteCount,
            maximumDecodedBytes: options.maximumDecodedBytes
        )
        let usable = levels.prefix { level in
            let own = layout.axes(of: level.shape)
            return level.samples == first.samples && own.t == axes.t && own.c == axes.c
                && own.z == axes.z && layout.channels(of: level.shape) == channels
        }
        self.levels = Array(usable)
        self.layout = layout
        let models: [ColorModel] = [.grey, .greyAlpha, .rgb, .rgba]
        description = ImageDescription(
            format: metadata.format,
            axes: axes,
            sampleType: first.samples.sampleType,
            bitsPerSample: first.storedBits,
            samplesPerPixel: channels,
            colorModel: models[channels - 1],
            physicalSize: metadata.physicalSize,
            channelNames: metadata.channelNames.count == axes.c ? metadata.channelNames : [],
            levels: usable.map { layout.planeSize(of: $0.shape) },
            series: metadata.series.isEmpty
                ? [SeriesDescription(name: "", axes: axes)] : metadata.series,
            compression: first.compressionName,
            blockSize: layout.planeSize(of: first.chunkShape),
            byteCount: metadata.byteCount,
            labelNames: metadata.labelNames,
            notes: metadata.notes
        )
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        let source = levels[level]
        let block = layout.region(plane, region, channels: channels)
        try limits.checkDecoded(
            region.size,
            samples: channels,
            bytesPerSample: source.samples.sampleType.byteCount
        )
        return try AnyRaster.filled(
            source.samples.sampleType,
            size: region.size,
            channels: channels
        ) { raster throws(ImageFormatError) in
            if layout.isInRasterOrder { return try readSamples(of: block, source, into: raster) }
            // Safe because the temporary bytes have the size of the raster.
            let samples = try TemporaryBytes(raster.count, path: limits.path)
            try readSamples(of: block, source, into: samples.bytes)
            layout.reorder(
                UnsafeRawBufferPointer(samples.bytes),
                of: block.shape,
                size: source.samples.sampleType.byteCount,
                into: raster
            )
        }
    }

    func isAbsent(_ plane: PlaneIndex) -> Bool {
        let whole = Region(layout.planeSize(of: levels[0].shape))
        return levels[0].isAbsent(layout.region(plane, whole, channels: channels))
    }

    /// Reads a block in its own order, as samples in native form.
    private func readSamples(
        of block: ZarrRegion,
        _ source: any ArraySource,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the target and the temporary bytes have room for all elements of the block.
        if case .native = source.samples { return try source.readElements(of: block, into: target) }
        let stored = try TemporaryBytes(block.count * source.samples.bits / 8, path: limits.path)
        try source.readElements(of: block, into: stored.bytes)
        source.samples.expand(
            UnsafeRawBufferPointer(stored.bytes),
            from: 0,
            count: block.count,
            into: target
        )
    }
}
