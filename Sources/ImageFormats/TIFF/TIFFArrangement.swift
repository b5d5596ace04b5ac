import Imaging
import Zarr

/// The dimensions of an array whose pages are no planes, such as rows, columns and then channels, of
/// which each page holds the columns and channels of one row.
struct TIFFArrangement: Hashable {
    /// The side of each dimension, slowest first; those of one element are left out.
    let shape: [Int]

    /// What the dimensions are.
    let layout: ArrayLayout

    /// How many of the dimensions lie before those of a page.
    let lead: Int

    /// Whether the samples of a pixel stand before its row.
    let isPlanar: Bool

    /// Number of pages.
    let pageCount: Int

    /// - Parameter shaped: Extents and names of the array.
    /// - Returns: Nil if such pages do not make up the array, or if its names are none of an image.
    init?(_ shaped: ShapedMetadata, _ page: TIFFPage) {
        guard let axes = shaped.axes, axes.count == shaped.shape.count else { return nil }
        let open = zip(shaped.shape, axes).filter { $0.0 != 1 }
        shape = open.map(\.0)
        let sides = [page.height, page.width]
        let samples = page.samplesPerPixel
        isPlanar = page.isPlanar
        let tail = (isPlanar ? [samples] + sides : sides + [samples]).filter { $0 != 1 }
        lead = shape.count - tail.count
        guard lead >= 0, Array(shape[lead...]) == tail,
            let layout = ArrayLayout(names: open.map { String($0.1) }, shape: shape)
        else { return nil }
        var pages = 1
        for side in shape[..<lead] {
            let (product, overflow) = pages.multipliedReportingOverflow(by: side)
            guard !overflow, product <= TIFFPlaneMap.mostPlanes else { return nil }
            pages = product
        }
        pageCount = pages
        self.layout = layout
    }
}

extension TIFFReader {
    /// Reads planes across the pages where those are no planes; nil where they are.
    func arranged(
        _ options: ImageSource.Options
    ) throws(ImageFormatError) -> ArrayReader? {
        guard let arrangement else { return nil }
        let axes = arrangement.layout.axes(of: arrangement.shape)
        var metadata = ArrayReader.Metadata(
            format: description.format,
            physicalSize: PhysicalSize(),
            series: description.series,
            notes: description.notes,
            byteCount: description.byteCount
        )
        metadata.series[options.series].axes = axes
        return try ArrayReader(
            [TIFFArray(self, arrangement)],
            layout: arrangement.layout,
            metadata: metadata,
            path: path,
            options: options
        )
    }
}

/// The pages of a TIFF as an array of samples.
struct TIFFArray: ArraySource {
    let shape: [Int]

    private let pages: TIFFReader
    private let arrangement: TIFFArrangement

    /// Samples of each pixel, and how many of them come out of one read.
    private let counts: (all: Int, read: Int)

    /// - Parameter pages: Reads each page as a slice.
    init(_ pages: TIFFReader, _ arrangement: TIFFArrangement) {
        (self.pages, self.arrangement) = (pages, arrangement)
        shape = arrangement.shape
        let found = pages.description
        counts = (found.axes.c * found.samplesPerPixel, found.samplesPerPixel)
    }

    var chunkShape: [Int] {
        Array(repeating: 1, count: arrangement.lead) + shape[arrangement.lead...]
    }

    var samples: StoredSamples { .native(pages.description.sampleType) }
    var storedBits: Int { pages.description.bitsPerSample }
    var compressionName: String { pages.description.compression }

    func readElements(
        of region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        let lead = arrangement.lead
        let part = PagePart(region, arrangement, pages.description.axes, samples: counts.all)
        let sides = Array(region.shape[..<lead])
        let bytes = part.count * samples.sampleType.byteCount
        var index = [Int](repeating: 0, count: lead)
        for number in 0..<sides.reduce(1, *) {
            var rest = number
            for axis in (0..<lead).reversed() {
                index[axis] = rest % sides[axis]
                rest /= sides[axis]
            }
            let page = (0..<lead).reduce(0) { $0 * shape[$1] + region.start[$1] + index[$1] }
            // Safe because the target has room for as many pages as the region.
            let place = number * bytes
            try read(
                part,
                ofPage: page,
                into: UnsafeMutableRawBufferPointer(rebasing: target[place..<place + bytes])
            )
        }
    }

    /// Reads the same part of a page, in the order of the array.
    private func read(
        _ part: PagePart,
        ofPage page: Int,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        let size = samples.sampleType.byteCount
        let pixels = part.region.size.count
        for first in stride(from: 0, to: counts.all, by: counts.read) {
            let wanted = part.samples.clamped(to: first..<first + counts.read)
            guard !wanted.isEmpty else { continue }
            let plane = PlaneIndex(c: counts.read == 1 ? first : 0, z: page)
            let raster = try pages.read(plane, region: part.region, level: 0)
            // Safe because the raster has all samples of the pixels, and the target those of the part.
            try raster.withBytes { source throws(ImageFormatError) in
                for sample in wanted {
                    let place = sample - part.samples.lowerBound
                    for pixel in 0..<pixels {
                        let element =
                            arrangement.isPlanar
                            ? place * pixels + pixel : pixel * part.samples.count + place
                        let from = (pixel * counts.read + sample - first) * size
                        UnsafeMutableRawBufferPointer(
                            rebasing: target[element * size..<(element + 1) * size]
                        ).copyMemory(
                            from: UnsafeRawBufferPointer(rebasing: source[from..<from + size])
                        )
                    }
                }
            }
        }
    }
}

/// The part of a page that a region of the array is.
private struct PagePart {
    let region: Region
    let samples: Range<Int>

    var count: Int { region.size.count * samples.count }

    init(_ block: ZarrRegion, _ arrangement: TIFFArrangement, _ page: ImageAxes, samples: Int) {
        var axis = arrangement.lead
        func next(_ side: Int) -> Range<Int> {
            // Dimensions of one element are none of the array.
            guard side != 1 else { return 0..<1 }
            defer { axis += 1 }
            return block.start[axis]..<block.start[axis] + block.shape[axis]
        }
        var wanted = 0..<1
        if arrangement.isPlanar { wanted = next(samples) }
        let rows = next(page.y)
        let columns = next(page.x)
        if !arrangement.isPlanar { wanted = next(samples) }
        self.samples = wanted
        region = Region(
            x: columns.lowerBound,
            y: rows.lowerBound,
            width: columns.count,
            height: rows.count
        )
    }
}
