public import Imaging

/// A mask to be painted with the number of its object.
public struct PaintedMask: Hashable, Sendable {
    /// The number of the object, not 0.
    public let label: UInt32

    /// Its pixels.
    public let mask: RunLengthMask

    /// How good it is; of several masks with the same label the best is painted.
    public let score: Double

    /// Wraps a mask.
    public init(label: UInt32, mask: RunLengthMask, score: Double) {
        self.label = label
        self.mask = mask
        self.score = score
    }
}

extension LabelImage {
    /// Paints masks with the numbers of their objects, which are kept.
    ///
    /// - Parameters:
    ///   - masks: Masks of one image; of several with the same label only the best is painted.
    ///   - size: Size of the image.
    ///   - overlap: Who gets pixels that several claim; of equals the earlier one.
    ///   - minimumSize: Masks of fewer pixels are left out.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if a mask has another size.
    public init(
        painting masks: [PaintedMask],
        size: Size,
        overlap: PromptOptions.Overlap,
        minimumSize: Int = 0
    ) throws(ImagingError) {
        guard size.width > 0, size.height > 0, size.fitsMemory() else {
            throw .invalidSize("label image", size)
        }
        var best: [UInt32: Int] = [:]
        for (index, mask) in masks.enumerated() {
            guard mask.mask.size == size else {
                throw .sizeMismatch("mask", expected: size, found: mask.mask.size)
            }
            if let other = best[mask.label], masks[other].score >= mask.score { continue }
            best[mask.label] = index
        }
        let areas = masks.map(\.mask.area)
        let chosen = best.values.filter { areas[$0] >= minimumSize }.sorted()
        // Later ones are painted over earlier ones, so the one that wins comes last.
        let order = chosen.sorted { a, b in
            switch overlap {
            case .larger: (areas[a], -a) < (areas[b], -b)
            case .smaller: (areas[a], a) > (areas[b], b)
            case .score: (masks[a].score, -Double(a)) < (masks[b].score, -Double(b))
            case .order: a < b
            }
        }
        self.init(size: size)
        for index in order {
            for run in masks[index].mask.runs {
                for pixel in run.start..<run.end { labels[pixel] = masks[index].label }
            }
        }
    }
}
