import Imaging
public import Prompting

extension RegionFile {
    /// The objects as prompts.
    ///
    /// Outlined objects become what the options say, points stay points, lines become scribbles. Prompts
    /// count from the middle of the first pixel, so outlines move by half a pixel; points without fraction
    /// already mean the middle of a pixel. A name that ends in `-negative` makes points and lines negative
    /// and adds them to the object whose name stands before it.
    ///
    /// - Throws: `PromptError` that names the object.
    public func prompts(
        _ options: PromptReadingOptions = PromptReadingOptions()
    ) throws(PromptError) -> PromptDocument {
        var counts = PromptCounts()
        counts.objects = objects.count
        try counts.check(file)
        let hasNumbers =
            objects.allSatisfy { $0.number != nil }
            && !objects.contains { $0.name?.hasSuffix(Self.negativeSuffix) == true }
        var result: [PromptedObject] = []
        var places: [String: Int] = [:]
        for object in objects {
            let isNegative = object.name?.hasSuffix(Self.negativeSuffix) == true
            let owner = object.name.map {
                isNegative ? String($0.dropLast(Self.negativeSuffix.count)) : $0
            }
            let parts = object.promptCount(options)
            try PromptCounts.check(
                prompts: parts,
                positions: object.positionCount,
                of: object.origin,
                file: file
            )
            counts.prompts += parts
            try counts.check(file)
            let prompts = object.prompts(isNegative ? .negative : .positive, options)
            if let defect = prompts.lazy.compactMap(\.defect).first {
                throw PromptError(
                    .badValue,
                    file: file,
                    place: object.origin,
                    "there is " + defect,
                    advice: "correct the object in the program that wrote it"
                )
            }
            let name = owner.flatMap { $0.isEmpty ? nil : $0 }
            if isNegative, let name, let known = places[name] {
                result[known].prompts += prompts
                continue
            }
            if let name, places[name] == nil { places[name] = result.count }
            result.append(
                PromptedObject(
                    id: hasNumbers ? object.number ?? 0 : UInt32(result.count + 1),
                    name: name,
                    category: object.category,
                    place: object.place,
                    prompts: prompts
                )
            )
        }
        let size = imageSize.map { PromptDocument.Image(width: $0.width, height: $0.height) }
        return PromptDocument(image: size, objects: result)
    }

    private static var negativeSuffix: String { "-negative" }
}

extension OutlinedObject {
    /// How many prompts may stand for the object.
    fileprivate func promptCount(_ options: PromptReadingOptions) -> Int {
        switch shape {
        case .points(let points): points.count
        case .polygons(let polygons) where options.outlines == .outline: polygons.count
        default: 1
        }
    }

    /// The prompts that stand for the object.
    fileprivate func prompts(_ label: PromptLabel, _ options: PromptReadingOptions) -> [Prompt] {
        switch (shape, options.outlines) {
        case (.points(let points), _): points.map { .point(Self.pixel($0), label) }
        case (.line(let points), _): [.scribble(points.map(\.fromPixelMiddle), label)]
        case (.rectangle(let box), .outline): [.box(box)]
        case (.oval(let box), .outline): [.ellipse(box.fromPixelMiddle)]
        case (.polygons(let polygons), .outline): outlines(polygons, options.imageSize)
        case (.mask(let mask), .outline): [.mask(mask)]
        case (.mask(let mask), _): prompts(of: mask, options)
        case (_, .box): bounds.map { [.box($0)] } ?? []
        case (.rectangle(let box), .centre), (.oval(let box), .centre):
            [.point(box.center.fromPixelMiddle, label)]
        case (.polygons(let polygons), .centre):
            Self.middle(of: polygons).map { [.point($0.fromPixelMiddle, label)] } ?? []
        }
    }

    /// One polygon for each outline; a mask where there are holes, if the size of the image is known.
    private func outlines(_ polygons: [[[Point<OriginalPixels>]]], _ size: Size?) -> [Prompt] {
        if let size, polygons.contains(where: { $0.count > 1 }) {
            let parts = polygons.map { rings in
                RunLengthMask(filling: rings.map { $0.map(\.fromPixelMiddle) }, size: size)
            }
            if let mask = parts.dropFirst().reduce(parts.first, { $0?.union($1) }), !mask.isEmpty {
                return [.mask(EncodedMask(mask))]
            }
        }
        return polygons.compactMap { rings in
            rings.max { abs(ringArea($0)) < abs(ringArea($1)) }
                .map { .polygon($0.map(\.fromPixelMiddle)) }
        }
    }

    private func prompts(of mask: EncodedMask, _ options: PromptReadingOptions) -> [Prompt] {
        // A damaged mask, or one of another size, is handed on, so that it is told where it is used.
        guard mask.size == options.imageSize ?? mask.size, let decoded = try? mask.decoded(),
            let box = decoded.boundingBox
        else {
            return [.mask(mask)]
        }
        if options.outlines == .box { return [.box(Box(box))] }
        let widest = decoded.runs.max { $0.end - $0.start < $1.end - $1.start }
        guard let widest else { return [.mask(mask)] }
        let pixel = (widest.start + widest.end - 1) / 2
        let (y, x) = pixel.quotientAndRemainder(dividingBy: mask.size.width)
        return [.point(Point(x: Double(x), y: Double(y)))]
    }

    /// The centre of mass of the largest polygon, or where that lies outside, the middle of the widest part of
    /// the row through it.
    private static func middle(
        of polygons: [[[Point<OriginalPixels>]]]
    ) -> Point<OriginalPixels>? {
        func size(_ rings: [[Point<OriginalPixels>]]) -> Double {
            rings.map { abs(ringArea($0)) }.max() ?? 0
        }
        guard let rings = polygons.max(by: { size($0) < size($1) }),
            let outline = rings.max(by: { abs(ringArea($0)) < abs(ringArea($1)) }),
            let first = outline.first, let box = Box(around: [outline])
        else { return nil }
        var (sum, x, y) = (0.0, 0.0, 0.0)
        var last = outline[outline.count - 1]
        for point in outline {
            // Counted from the first corner, so that large coordinates lose no digits.
            let (ax, ay) = (last.x - first.x, last.y - first.y)
            let (bx, by) = (point.x - first.x, point.y - first.y)
            let cross = ax * by - bx * ay
            (sum, x, y) = (sum + cross, x + (ax + bx) * cross, y + (ay + by) * cross)
            last = point
        }
        let center =
            sum == 0 ? box.center : Point(x: first.x + x / (3 * sum), y: first.y + y / (3 * sum))
        let crossings = rings.flatMap { ring in
            zip(ring, ring.dropFirst() + ring.prefix(1)).compactMap { from, to -> Double? in
                guard (from.y <= center.y) != (to.y <= center.y) else { return nil }
                return from.x + (center.y - from.y) / (to.y - from.y) * (to.x - from.x)
            }
        }.sorted()
        let parts = stride(from: 0, to: crossings.count - 1, by: 2).map {
            (crossings[$0], crossings[$0 + 1])
        }
        if parts.contains(where: { $0.0 <= center.x && center.x <= $0.1 }) { return center }
        guard let widest = parts.max(by: { $0.1 - $0.0 < $1.1 - $1.0 }) else { return first }
        return Point(x: (widest.0 + widest.1) / 2, y: center.y)
    }

    /// Points without fraction already mean the middle of a pixel.
    private static func pixel(_ point: Point<OriginalPixels>) -> Point<OriginalPixels> {
        let isWhole = point.x == point.x.rounded() && point.y == point.y.rounded()
        return isWhole ? point : point.fromPixelMiddle
    }
}
