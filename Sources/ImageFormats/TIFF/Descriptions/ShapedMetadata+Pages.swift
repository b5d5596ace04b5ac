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
            let isOther = others.contains(index)
            let letter = isOther ? free.popFirst() : letters[index]
            guard let letter, lead.add(letter == "s" ? "c" : letter, shape[index]) else {
                return nil
            }
            if isOther { lead.taken.append(.init(name: letters[index], axis: letter)) }
        }
        return lead.isBelievable ? lead : nil
    }
}
