public import Imaging

extension LabelImage {
    /// Paints predicted masks with the ids of their objects, which are kept.
    ///
    /// - Parameters:
    ///   - masks: Masks of one image; of several of one object only the best is painted.
    ///   - objects: The objects of the masks.
    ///   - size: Size of the image.
    ///   - options: Who gets pixels that several claim, of equals the earlier one, and how large a mask has
    ///     to be.
    /// - Throws: `ImagingError.sizeMismatch` if a mask has another size.
    public init(
        painting masks: [PredictedMask],
        of objects: [PromptedObject],
        size: Size,
        _ options: PromptOptions
    ) throws(ImagingError) {
        guard size.width > 0, size.height > 0, size.fitsMemory() else {
            throw .invalidSize("label image", size)
        }
        var best: [UInt32: Int] = [:]
        for (index, mask) in masks.enumerated() {
            guard mask.pixels.size == size else {
                throw .sizeMismatch("mask", expected: size, found: mask.pixels.size)
            }
            let label = objects[mask.object].id
            if let other = best[label], masks[other].score >= mask.score { continue }
            best[label] = index
        }
        let areas = masks.map(\.pixels.area)
        let chosen = best.values.filter { areas[$0] >= options.minimumSize }.sorted()
        // Later ones are painted over earlier ones, so the one that wins comes last.
        let order = chosen.sorted { a, b in
            switch options.overlap {
            case .larger: (areas[a], -a) < (areas[b], -b)
            case .smaller: (areas[a], a) > (areas[b], b)
            case .score: (masks[a].score, -Double(a)) < (masks[b].score, -Double(b))
            case .order: a < b
            }
        }
        self.init(size: size)
        for index in order {
            let label = objects[masks[index].object].id
            for run in masks[index].pixels.runs {
                for pixel in run.start..<run.end { labels[pixel] = label }
            }
        }
    }
}
