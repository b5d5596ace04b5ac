import Imaging
public import Prompting

extension PromptDocument {
    /// Every region becomes an object: points together, a rectangle a box, ovals and outlines shapes,
    /// lines scribbles.
    ///
    /// ImageJ counts coordinates from the corner of the first pixel, prompts count from its middle, so
    /// outlines move by half a pixel. A name that ends in `-negative` makes points and lines negative and
    /// adds them to the object whose name stands before it.
    ///
    /// - Throws: `PromptError` that names the region.
    public init(_ regions: [ImageJRegion], file: String) throws(PromptError) {
        var objects: [PromptedObject] = []
        for (index, region) in regions.enumerated() {
            let suffix = "-negative"
            let isNegative = region.name.hasSuffix(suffix)
            let owner = isNegative ? String(region.name.dropLast(suffix.count)) : region.name
            let place = "region \(index + 1)" + (region.name.isEmpty ? "" : " ('\(region.name)')")
            let prompts = region.shape.prompts(isNegative ? .negative : .positive)
            if let defect = prompts.lazy.compactMap(\.defect).first {
                throw PromptError(
                    .badValue,
                    file: file,
                    place: place,
                    "there is " + defect,
                    advice: "correct the region in ImageJ"
                )
            }
            if isNegative, let known = objects.firstIndex(where: { $0.name == owner }) {
                objects[known].prompts += prompts
            } else {
                objects.append(
                    PromptedObject(
                        id: UInt32(objects.count + 1),
                        name: owner.isEmpty ? nil : owner,
                        prompts: prompts
                    )
                )
            }
        }
        self.init(objects: objects)
    }
}

extension ImageJRegion.Shape {
    fileprivate func prompts(_ label: PromptLabel) -> [Prompt] {
        switch self {
        case .points(let points): points.map { .point(Self.pixel($0), label) }
        case .rectangle(let box): [.box(box)]
        case .oval(let box):
            [
                .ellipse(
                    Box(
                        minX: box.minX - 0.5,
                        minY: box.minY - 0.5,
                        maxX: box.maxX - 0.5,
                        maxY: box.maxY - 0.5
                    )
                )
            ]
        case .polygon(let points): [.polygon(points.map(Self.moved))]
        case .line(let points): [.scribble(points.map(Self.moved), label)]
        case .composite(let outlines): outlines.map { .polygon($0.map(Self.moved)) }
        }
    }

    /// Points without fraction already mean the middle of a pixel.
    private static func pixel(_ point: Point<OriginalPixels>) -> Point<OriginalPixels> {
        let isWhole = point.x == point.x.rounded() && point.y == point.y.rounded()
        return isWhole ? point : moved(point)
    }

    private static func moved(_ point: Point<OriginalPixels>) -> Point<OriginalPixels> {
        Point(x: point.x - 0.5, y: point.y - 0.5)
    }
}
