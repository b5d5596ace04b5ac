import Imaging

/// All pages of a TIFF file and the series that they form.
///
/// Series are, in this order of preference: the images of OME-XML; the hyperstack of an ImageJ
/// description; otherwise runs of consecutive pages of equal size, sample type and colour, each run a
/// stack along `z`. Pages that use something unsupported belong to no series.
struct TIFFDirectory {
    let series: [TIFFLayout]
    private let path: String

    init(
        _ file: borrowing TIFFFile,
        path: String,
        limits: ReadingLimits
    ) throws(ImageFormatError) {
        self.path = path
        let text = file.text()
        let pages = try readPages(file, limits: limits)
        var layouts: [TIFFLayout]
        if let metadata = OMEMetadata(text),
            let found = omeLayouts(metadata, pages: pages, path: path)
        {
            layouts = found
        } else if let metadata = ImageJMetadata(text),
            let found = imageJLayout(metadata, pages: pages, limits: limits)
        {
            layouts = [found]
        } else {
            layouts = plainLayouts(pages, path: path, isImageJ: ImageJMetadata(text) != nil)
        }
        for index in layouts.indices { try layouts[index].findLevels(file, limits: limits) }
        series = layouts
    }

    func layout(series index: Int) throws(ImageFormatError) -> TIFFLayout {
        guard series.indices.contains(index) else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "series \(index) was asked for",
                advice: "the file has series 0 to \(series.count - 1)"
            )
        }
        return series[index]
    }

    var descriptions: [SeriesDescription] {
        series.map { SeriesDescription(name: $0.name, axes: $0.axes) }
    }
}

/// The pages in order; nil for later pages that can not be decoded here.
private func readPages(
    _ file: borrowing TIFFFile,
    limits: ReadingLimits
) throws(ImageFormatError) -> [TIFFPage?] {
    let first = try file.page()
    try first.checkSize(limits)
    var pages: [TIFFPage?] = [first]
    while try file.next() {
        do throws(ImageFormatError) {
            let page = try file.page()
            try page.checkSize(limits)
            pages.append(page)
        } catch  where error.kind == .unsupported {
            pages.append(nil)
        }
    }
    return pages
}

/// Runs of similar pages.
private func plainLayouts(_ pages: [TIFFPage?], path: String, isImageJ: Bool) -> [TIFFLayout] {
    var runs: [[TIFFPage]] = []
    for case let page? in pages {
        if let last = runs.last?.last, last.isSimilar(to: page) {
            runs[runs.count - 1].append(page)
        } else {
            runs.append([page])
        }
    }
    return runs.map { run in
        let page = run[0]
        var layout = TIFFLayout(
            format: isImageJ ? "ImageJ TIFF" : "TIFF",
            axes: ImageAxes(z: run.count, y: page.height, x: page.width),
            page: page,
            pages: run,
            path: path
        )
        layout.hasDisplayPalette = isImageJ
        // Dots per inch are a printer's default; only centimetres are written on purpose.
        if page.resolution.unit == 3, let size = page.resolution.micrometres {
            layout.physicalSize = PhysicalSize(x: size.x, y: size.y, unit: "\u{B5}m")
        }
        return layout
    }
}

/// The hyperstack that ImageJ describes; nil if the file does not have its planes.
private func imageJLayout(
    _ metadata: ImageJMetadata,
    pages: [TIFFPage?],
    limits: ReadingLimits
) -> TIFFLayout? {
    guard let first = pages[0], metadata.isConsistent else { return nil }
    let axes = ImageAxes(
        t: metadata.frames,
        c: metadata.channels,
        z: metadata.slices,
        y: first.height,
        x: first.width
    )
    var layout: TIFFLayout
    if pages.count == 1, metadata.images > 1 {
        // Beyond 4 GiB ImageJ writes one page and then the pixels of all planes.
        let (bytes, overflow) = (first.rowBytes * first.height)
            .multipliedReportingOverflow(by: metadata.images)
        guard first.compression == .none, first.blockCount == 1, !overflow,
            bytes <= limits.byteCount
        else { return nil }
        layout = TIFFLayout(
            format: "ImageJ TIFF",
            axes: axes,
            page: first,
            pages: [],
            path: limits.path
        )
        layout.isContiguousStack = true
    } else {
        guard metadata.images <= pages.count,
            pages[..<metadata.images].allSatisfy({ $0?.isSimilar(to: first) == true })
        else { return nil }
        var ordered: [TIFFPage?] = []
        for t in 0..<axes.t {
            for c in 0..<axes.c {
                for z in 0..<axes.z { ordered.append(pages[(t * axes.z + z) * axes.c + c]) }
            }
        }
        layout = TIFFLayout(
            format: "ImageJ TIFF",
            axes: axes,
            page: first,
            pages: ordered,
            path: limits.path
        )
    }
    layout.hasDisplayPalette = true
    layout.physicalSize = metadata.physicalSize(of: first)
    return layout
}

extension ImageJMetadata {
    /// ImageJ stores pixels per unit as the resolution of the page.
    fileprivate func physicalSize(of page: TIFFPage) -> PhysicalSize {
        var size = PhysicalSize(unit: unit)
        func pixel(_ resolution: Double) -> Double? {
            resolution.isFinite && resolution > 0 ? 1 / resolution : nil
        }
        if unit != nil {
            size.x = pixel(page.resolution.x)
            size.y = pixel(page.resolution.y)
            size.z = spacing
        }
        if let frameInterval {
            size.t = frameInterval
            size.timeUnit = "s"
        }
        return size
    }
}

extension TIFFLayout {
    /// Adds the reduced images that hang below the first page.
    fileprivate mutating func findLevels(
        _ file: borrowing TIFFFile,
        limits: ReadingLimits
    ) throws(ImageFormatError) {
        for (position, offset) in page.subDirectories.enumerated() {
            let level: TIFFPage
            do throws(ImageFormatError) {
                try file.select(offset)
                level = try file.page()
                try level.checkSize(limits)
            } catch  where error.kind == .unsupported {
                continue
            }
            guard level.samples == page.samples, level.samplesPerPixel == page.samplesPerPixel,
                level.width < levels[levels.count - 1].width
                    || level.height < levels[levels.count - 1].height
            else { continue }
            levels.append(level.size)
            levelPositions.append(position)
        }
    }
}
