import Files
import Imaging
import Prompting

extension TIFFSeriesBuilder {
    /// The series that tifffile describes, and runs of similar pages.
    ///
    /// - Parameter context: What else is said of the pages.
    func pageSeries(
        _ context: PageContext = PageContext()
    ) throws(ImageFormatError) -> [TIFFLayout] {
        let format = context.format
        var layouts: [TIFFLayout] = []
        var rest = source.list.planes[...]
        while let first = rest.first, let page = pages[first] {
            var shaped = source.list.shaped[first]
            let run = rest.prefix { index in
                let isNext = index != first && source.list.shaped[index] != nil
                return !isNext && pages[index]?.isSimilar(to: page) == true
            }
            if let names = dimensionNames {
                if let own = shaped {
                    shaped = try named(own, names)
                } else {
                    shaped = try shape(of: run, page, context)
                }
            }
            var layout: TIFFLayout?
            if let shaped {
                layout = try shapedLayout(shaped, page, run)
                if layout == nil { layout = try arrangedLayout(format, shaped, page, run) }
            }
            var found: TIFFLayout
            if let layout { found = layout } else { found = try plainLayout(format, page, run) }
            if layout == nil, dimensionNames != nil {
                throw ImageFormatError(
                    .unsupported,
                    path: path,
                    "the names '\(dimensionNames?.joined() ?? "")' do not fit the pages",
                    advice: "name each dimension once, y and x among them; others are t, c and z"
                )
            }
            if layout == nil, let shaped {
                let reason = "its extents \(shaped.shape) do not fit the pages"
                found.notes.append(.descriptionUnusable(format: "JSON", reason: reason))
            }
            found.notes += try notes(of: run, page, shaped, context)
            found.format = format
            found.physicalSize = context.physicalSize(page) ?? found.physicalSize
            if context.hasDisplayPalette { found.hasDisplayPalette = true }
            layouts.append(found)
            rest = rest.dropFirst(run.count)
        }
        return layouts
    }

    /// What is guessed of pages without names, and what is missing of those that the user named.
    private func notes(
        of run: ArraySlice<Int>,
        _ page: TIFFPage,
        _ shaped: ShapedMetadata?,
        _ context: PageContext
    ) throws(ImageFormatError) -> [ReadingNote] {
        guard dimensionNames != nil else {
            let isGuessed = shaped.map { $0.axes == nil } ?? false
            return isGuessed && page.hasColoursAsPlanes
                ? [.planesAsColours(page.samplesPerPixel)] : []
        }
        let count = try planeCount(of: run, context)
        let found = max(count, source.list.planes.count)
        if context.planes > found {
            return [.planesMissing(promised: context.planes, found: found)]
        }
        let isCut = run.count == 1 && count > 1 && context.planes == 1
        return isCut ? [.pagesCut(whole: count, reason: Self.directoriesCut)] : []
    }

    /// Why pages were found by the pixels of the first one alone.
    private static let directoriesCut = "the file ends before the directories of its pages"

    private func plainLayout(
        _ format: String,
        _ page: TIFFPage,
        _ run: ArraySlice<Int>
    ) throws(ImageFormatError) -> TIFFLayout {
        if let names = source.list.channels(of: run) {
            let places = run.map { TIFFPlace(page: $0) }
            let found = layout(format, page, c: run.count, order: "czt", places: places)
            if var found {
                found.channelNames = names
                found.physicalSize = page.resolution.physicalSize
                return found
            }
        }
        // A file of so many pages is read as far as planes are counted.
        var places = run.prefix(TIFFPlaneMap.mostPlanes).map { TIFFPlace(page: $0) }
        let cut = try run.count == 1 ? source.cutPlanes(behind: run[run.startIndex]) : []
        if cut.count > 1 { places = Array(cut.prefix(TIFFPlaneMap.mostPlanes)) }
        let axes = ImageAxes(z: places.count, y: page.height, x: page.width)
        var map = TIFFPlaneMap(axes: axes, order: "zct") ?? TIFFPlaneMap(single: page)
        for (number, place) in places.enumerated() { map.set(number, to: place) }
        var layout = TIFFLayout(format: format, page: page, planes: map, path: path)
        layout.physicalSize = page.resolution.physicalSize
        if cut.count > 1 {
            layout.notes.append(.pagesCut(whole: cut.count, reason: Self.directoriesCut))
        }
        return layout
    }

    // MARK: - Named dimensions

    /// The dimensions of a run of pages under the names that the user gave them.
    private func shape(
        of run: ArraySlice<Int>,
        _ page: TIFFPage,
        _ context: PageContext
    ) throws(ImageFormatError) -> ShapedMetadata {
        let count = try planeCount(of: run, context)
        var lead = count > 1 ? [count] : []
        if !context.lead.isEmpty, context.lead.reduce(1, &*) == count {
            lead = context.lead
        }
        var shape = lead + [page.height, page.width]
        if page.samplesPerPixel > 1 {
            shape.insert(page.samplesPerPixel, at: page.isPlanar ? lead.count : shape.count)
        }
        let names = dimensionNames ?? []
        // The colours of a pixel need no name.
        let isShort = !page.isPlanar && names.count == shape.count - 1 && page.samplesPerPixel > 1
        guard isShort || names.count == shape.count else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the names '\(names.joined())' were given to \(Wording.list(shape.map(String.init)))",
                advice: "give one name for each of the \(shape.count) dimensions"
            )
        }
        return ShapedMetadata(shape: shape, axes: (names + (isShort ? ["s"] : [])).joined())
    }

    /// The number of pages, or of the planes that follow the only one.
    private func planeCount(
        of run: ArraySlice<Int>,
        _ context: PageContext
    ) throws(ImageFormatError) -> Int {
        guard run.count == 1, let page = run.first else { return run.count }
        guard context.planes > 1, source.list.planes.count == 1 else {
            return max(1, try source.cutPlanes(behind: page).count)
        }
        return try source.places(context.planes, behind: page).count
    }

    /// The same extents under the names that the user gave them.
    private func named(
        _ shaped: ShapedMetadata,
        _ names: [String]
    ) throws(ImageFormatError) -> ShapedMetadata {
        guard names.count == shaped.shape.count else {
            let sides = Wording.list(shaped.shape.map(String.init))
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the names '\(names.joined())' were given to an array of \(sides)",
                advice: "give one name for each of the \(shaped.shape.count) dimensions"
            )
        }
        return shaped.named(names.joined())
    }

    /// The layout of an array of which the pages are no planes; nil where it does not fit.
    private func arrangedLayout(
        _ format: String,
        _ shaped: ShapedMetadata,
        _ page: TIFFPage,
        _ run: ArraySlice<Int>
    ) throws(ImageFormatError) -> TIFFLayout? {
        // Colours that become others are no elements of an array.
        guard [.grey, .rgb, .channels].contains(page.colorModel), let first = run.first,
            let arrangement = TIFFArrangement(shaped, page)
        else { return nil }
        let count = arrangement.pageCount
        let places =
            run.count == 1 && count > 1
            ? try source.places(count, behind: first)
            : run.prefix(count).map { TIFFPlace(page: $0) }
        guard places.count == count else { return nil }
        var result = layout(format, page, z: count, order: "zct", places: places)
        result?.arrangement = arrangement
        result?.name = shaped.name
        if run.count > count { result?.notes.append(.pagesUnnamed(run.count - count)) }
        return result
    }

    /// The layout of an array whose last dimensions are those of a page; nil where it does not fit.
    private func shapedLayout(
        _ shaped: ShapedMetadata,
        _ page: TIFFPage,
        _ run: ArraySlice<Int>
    ) throws(ImageFormatError) -> TIFFLayout? {
        var shaped = shaped
        var (page, samples) = (page, 1)
        if let planes = shaped.withSamplesAsPlanes(of: page) {
            (shaped, samples, page) = (planes, page.samplesPerPixel, page.withoutColours)
        }
        let lead = shaped.leadingAxes(of: page, samples: samples > 1 ? 1 : page.samplesPerPixel)
        guard let lead, let first = run.first else { return nil }
        let count = lead.count / samples
        var places: [TIFFPlace]
        if shaped.isTruncated || run.count < count && run.count == 1 {
            places = try source.places(count, behind: first)
        } else {
            places = run.prefix(count).map { TIFFPlace(page: $0) }
        }
        if samples > 1 {
            places = places.flatMap { place in
                (0..<samples).map {
                    TIFFPlace(page: place.page, stackOffset: place.stackOffset, sample: $0)
                }
            }
        }
        var result = layout(
            "TIFF",
            page,
            t: lead.t,
            c: lead.c,
            z: lead.z,
            order: lead.order,
            places: places
        )
        result?.name = shaped.name
        result?.notes += lead.notes
        result?.physicalSize = page.resolution.physicalSize
        if run.count > count {
            result?.notes.append(.pagesUnnamed(run.count - count))
        }
        return result
    }
}
