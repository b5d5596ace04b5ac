import Files
import Imaging
import Prompting

extension TIFFSeriesBuilder {
    /// The series that tifffile describes, and runs of similar pages.
    ///
    /// - Parameter imageJ: What ImageJ says, although its axes are not used.
    func pageSeries(
        _ format: String = "TIFF",
        _ imageJ: ImageJMetadata? = nil
    ) throws(ImageFormatError) -> [TIFFLayout] {
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
                    shaped = try shape(of: run, page, imageJ)
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
            if let imageJ {
                found.format = format
                found.physicalSize = imageJ.physicalSize(of: page)
                found.hasDisplayPalette = true
            }
            layouts.append(found)
            rest = rest.dropFirst(run.count)
        }
        return layouts
    }

    private func plainLayout(
        _ format: String,
        _ page: TIFFPage,
        _ run: ArraySlice<Int>
    ) throws(ImageFormatError) -> TIFFLayout {
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
            let reason = "the file ends before the directories of its pages"
            layout.notes.append(.pagesCut(whole: cut.count, reason: reason))
        }
        return layout
    }

    // MARK: - Named dimensions

    /// The dimensions of a run of pages under the names that the user gave them.
    private func shape(
        of run: ArraySlice<Int>,
        _ page: TIFFPage,
        _ imageJ: ImageJMetadata?
    ) throws(ImageFormatError) -> ShapedMetadata {
        var lead = run.count > 1 ? [run.count] : []
        if let imageJ, imageJ.isConsistent, imageJ.images == run.count {
            lead = [imageJ.frames, imageJ.slices, imageJ.channels].filter { $0 > 1 }
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
        result?.physicalSize = page.resolution.physicalSize
        if run.count > count {
            result?.notes.append(.pagesUnnamed(run.count - count))
        }
        return result
    }
}

/// The dimensions of an array before those of its pages.
struct LeadingAxes {
    var t = 1
    var c = 1
    var z = 1

    /// From fastest to slowest.
    var order = ""

    /// Number of pages.
    var count: Int { t * c * z }

    /// Gives a side to the next slower axis; false if it has one already, or is none.
    mutating func add(_ letter: Character, _ side: Int) -> Bool {
        guard !order.contains(letter) else { return false }
        switch letter {
        case "t": t = side
        case "c": c = side
        case "z": z = side
        default: return false
        }
        order.append(letter)
        return true
    }
}

extension ShapedMetadata {
    /// The same extents with other names.
    func named(_ axes: String) -> ShapedMetadata {
        ShapedMetadata(shape: shape, axes: axes, isTruncated: isTruncated, name: name)
    }

    /// The extents with the samples of a pixel before rows and columns, where they are slices or time
    /// points and no colours: tifffile takes three or four planes for colours unless it is told otherwise.
    func withSamplesAsPlanes(of page: TIFFPage) -> ShapedMetadata? {
        guard page.samplesPerPixel > 1, let axes, shape.count >= 3 else { return nil }
        var (letters, sides) = (Array(axes.lowercased()), shape)
        let place = page.isPlanar ? shape.count - 3 : shape.count - 1
        guard "tz".contains(letters[place]), sides[place] == page.samplesPerPixel else {
            return nil
        }
        let (letter, side) = (letters.remove(at: place), sides.remove(at: place))
        letters.insert(letter, at: letters.count - 2)
        sides.insert(side, at: sides.count - 2)
        return ShapedMetadata(
            shape: sides,
            axes: String(letters),
            isTruncated: isTruncated,
            name: name
        )
    }

    /// What the dimensions before those of a page are; nil if the page is no part of the array.
    ///
    /// Dimensions without names are, from the last one on, slices, channels and time points.
    ///
    /// - Parameter samples: Samples of a pixel that belong to the page.
    func leadingAxes(of page: TIFFPage, samples: Int) -> LeadingAxes? {
        let sides = [page.height, page.width]
        let tail =
            samples == 1 ? sides : page.isPlanar ? [samples] + sides : sides + [samples]
        // Dimensions of one may stand anywhere.
        var rest = shape.count
        var wanted = tail.filter { $0 != 1 }[...]
        while let side = wanted.last, rest > 0 {
            rest -= 1
            if shape[rest] == side { wanted.removeLast() } else if shape[rest] != 1 { return nil }
        }
        guard wanted.isEmpty else { return nil }
        let letters = axes.map { Array($0.lowercased()) }
        if let letters {
            let names = zip(letters[rest...], shape[rest...]).filter { $0.1 != 1 }.map(\.0)
            let rows = names.filter { "yx".contains($0) }
            guard rows == rows.sorted(by: >), names.allSatisfy({ "yxsc".contains($0) }) else {
                return nil
            }
        }
        var lead = LeadingAxes()
        let open = (0..<rest).filter { shape[$0] > 1 }
        let unnamed = ["t", "c", "z"].suffix(open.count).map { Character($0) }
        guard letters != nil || open.count <= 3 else { return nil }
        // Named axes take their places before others take what is left.
        var others: [Int] = []
        for (place, index) in open.enumerated().reversed() {
            let letter = letters.map { $0[index] } ?? unnamed[place]
            let known: Character = letter == "s" ? "c" : letter
            if "tcz".contains(known) {
                guard lead.add(known, shape[index]) else { return nil }
            } else if "yx".contains(known) {
                return nil
            } else {
                others.append(index)
            }
        }
        guard others.isEmpty else { return leadingAxes(letters ?? [], open, others) }
        return lead.isBelievable ? lead : nil
    }

    /// The same where some dimensions, such as positions or angles, are none of ours: each takes an axis
    /// that is free.
    private func leadingAxes(_ letters: [Character], _ open: [Int], _ others: [Int])
        -> LeadingAxes?
    {
        let taken = open.filter { !others.contains($0) }.map {
            letters[$0] == "s" ? "c" : letters[$0]
        }
        var free = Array("ztc").filter { !taken.contains($0) }[...]
        var lead = LeadingAxes()
        for index in open.reversed() {
            let letter = others.contains(index) ? free.popFirst() : letters[index]
            guard let letter, lead.add(letter == "s" ? "c" : letter, shape[index]) else {
                return nil
            }
        }
        return lead.isBelievable ? lead : nil
    }
}

extension LeadingAxes {
    /// Whether there are no more planes than can be.
    fileprivate var isBelievable: Bool {
        TIFFPlaneMap(axes: ImageAxes(t: t, c: c, z: z, y: 1, x: 1), order: "") != nil
    }
}
