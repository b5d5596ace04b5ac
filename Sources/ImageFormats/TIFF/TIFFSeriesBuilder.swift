import Imaging
import Prompting

/// Finds the series of a file by what its first page says.
struct TIFFSeriesBuilder {
    let source: TIFFSource
    let dimensionNames: [String]?

    var pages: [TIFFPage?] { source.list.pages }
    var path: String { source.limits.path }

    init(_ source: TIFFSource, _ dimensionNames: [String]?) {
        self.source = source
        self.dimensionNames = dimensionNames
    }

    func layouts() throws(ImageFormatError) -> [TIFFLayout] {
        let text = source.text
        var notes: [ReadingNote] = []
        if let metadata = OMEMetadata(text?.text) {
            if text?.isLatin1 == true { notes.append(.descriptionNotUTF8) }
            var found = try OMELayouts(metadata, source).layouts(&notes)
            if found.isEmpty { found = try pageSeries() }
            return adding(notes, to: found)
        }
        if let metadata = ImageJMetadata(text?.text) {
            if text?.isLatin1 == true { notes.append(.descriptionNotUTF8) }
            return adding(notes, to: try imageJLayouts(metadata))
        }
        if let index = source.list.planes.first, let first = pages[index] {
            // A thumbnail may come first, and have the tags of the file.
            for page in Set([0, index]).sorted(by: >).compactMap({ pages[$0] }) {
                let tags = try? source.tags(of: page)
                if let tags, let found = try described(by: tags, first, at: index) { return found }
            }
        }
        return try pageSeries()
    }

    private func adding(_ notes: [ReadingNote], to layouts: [TIFFLayout]) -> [TIFFLayout] {
        layouts.map { layout in
            var layout = layout
            layout.notes = notes + layout.notes
            return layout
        }
    }

    /// A layout of planes of which the numbers give the order.
    ///
    /// - Parameter order: The axes from fastest to slowest.
    func layout(
        _ format: String,
        _ page: TIFFPage,
        t: Int = 1,
        c: Int = 1,
        z: Int = 1,
        order: String,
        places: [TIFFPlace]
    ) -> TIFFLayout? {
        let axes = ImageAxes(t: t, c: c, z: z, y: page.height, x: page.width)
        guard var map = TIFFPlaneMap(axes: axes, order: order) else { return nil }
        for (number, place) in places.enumerated() { map.set(number, to: place) }
        var layout = TIFFLayout(format: format, page: page, planes: map, path: path)
        layout.cutToFound()
        return layout
    }

    // MARK: - ImageJ

    /// The hyperstack that ImageJ describes, or the pages as they are.
    private func imageJLayouts(_ metadata: ImageJMetadata) throws(ImageFormatError) -> [TIFFLayout]
    {
        let planes = source.list.planes
        let context = PageContext(metadata)
        guard dimensionNames == nil, let index = planes.first, let first = pages[index] else {
            return try pageSeries(context)
        }
        guard metadata.isConsistent else {
            let reason =
                "\(metadata.channels) channels, \(metadata.slices) slices and \(metadata.frames) "
                + "frames are not \(metadata.images) images"
            return adding(
                [.descriptionUnusable(format: "ImageJ", reason: reason)],
                to: try pageSeries(context)
            )
        }
        let similar = planes.prefix { pages[$0]?.isSimilar(to: first) == true }
        let places =
            planes.count == 1 && metadata.images > 1
            // Beyond 4 GiB ImageJ writes one page and then the pixels of all planes.
            ? try source.places(metadata.images, behind: index)
            : similar.prefix(metadata.images).map { TIFFPlace(page: $0) }
        guard
            var layout = layout(
                "ImageJ TIFF",
                first,
                t: metadata.frames,
                c: metadata.channels,
                z: metadata.slices,
                order: "czt",
                places: places
            )
        else { return try pageSeries(context) }
        if planes.count > metadata.images {
            layout.notes.append(.pagesUnnamed(planes.count - metadata.images))
        }
        layout.hasDisplayPalette = true
        layout.physicalSize = metadata.physicalSize(of: first)
        return [layout]
    }

    // MARK: - Tags of microscopes

    /// The stack of MetaMorph or Zeiss LSM; under the names that the user gave its axes, if there are any.
    private func described(
        by tags: TIFFTags,
        _ first: TIFFPage,
        at index: Int
    ) throws(ImageFormatError) -> [TIFFLayout]? {
        if let stack = try? MetaMorphMetadata(tags, source.raw) {
            guard dimensionNames == nil else { return try pageSeries(PageContext(stack)) }
            return try layout(of: stack, first, at: index).map { [$0] }
        }
        if let stack = try? LSMMetadata(tags, source.raw) {
            guard dimensionNames == nil else { return try pageSeries(PageContext(stack)) }
            return layout(of: stack, first).map { [$0] }
        }
        return nil
    }

    private func layout(
        of stack: MetaMorphMetadata,
        _ first: TIFFPage,
        at index: Int
    ) throws(ImageFormatError) -> TIFFLayout? {
        let found = try source.places(stack.planes, behind: index)
        let (t, z) = stack.isTimeSeries ? (stack.planes, 1) : (1, stack.planes)
        var layout = layout("MetaMorph STK", first, t: t, z: z, order: "zct", places: found)
        layout?.physicalSize = stack.physicalSize
        return layout
    }

    private func layout(of stack: LSMMetadata, _ first: TIFFPage) -> TIFFLayout? {
        let planes = source.list.planes.filter { pages[$0]?.isSimilar(to: first) == true }
        let (count, overflow) = stack.z.multipliedReportingOverflow(by: stack.t)
        guard !overflow else { return nil }
        var layout = layout(
            "Zeiss LSM",
            first,
            t: stack.t,
            z: stack.z,
            order: "zct",
            places: planes.prefix(count).map { TIFFPlace(page: $0) }
        )
        if planes.count > count { layout?.notes.append(.pagesUnnamed(planes.count - count)) }
        layout?.physicalSize = stack.physicalSize
        layout?.channelNames = stack.channelNames
        return layout
    }
}

extension MetaMorphMetadata {
    var physicalSize: PhysicalSize {
        guard let pixel, let unit else { return PhysicalSize() }
        var size = PhysicalSize()
        for (axis, length) in [("x", pixel.x), ("y", pixel.y), ("z", spacing ?? 0)] {
            size.setLength(axis, length, unit: unit)
        }
        return size
    }
}

extension ImageJMetadata {
    /// ImageJ stores pixels per unit as the resolution of the page.
    ///
    /// For a picture that no microscope has calibrated, it keeps the dots per inch or centimetre of the
    /// file that it was opened from, which are no size of a pixel.
    func physicalSize(of page: TIFFPage) -> PhysicalSize {
        var size = PhysicalSize()
        func pixel(_ resolution: Double) -> Double { 1 / resolution }
        if let units {
            size.setLength("x", pixel(page.resolution.x), unit: units.x)
            size.setLength("y", pixel(page.resolution.y), unit: units.y)
            if ["inch", "cm"].contains(units.x), let x = size.x, let y = size.y,
                PhysicalSize(resolution: x, y).isEmpty
            {
                size = PhysicalSize()
            } else {
                size.setLength("z", spacing, unit: units.z)
            }
        }
        if let frameInterval {
            size.t = frameInterval
            size.timeUnit = "s"
        }
        return size
    }
}
