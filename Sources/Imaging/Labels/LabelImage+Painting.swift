/// How masks are combined to a label image.
///
/// Defaults are those of micro-sam 1.8.
public struct MaskPaintingOptions: Hashable, Codable, Sendable {
    /// Masks and parts of fewer pixels are left out.
    public var minimumSize = 0

    /// Masks of more pixels are left out; `nil` for no limit.
    public var maximumSize: Int?

    /// Whether parts of a mask that are not connected along edges become objects of their own.
    public var splitsParts = true

    /// Whether the most frequent label becomes background.
    ///
    /// Background takes part in the vote.
    public var removesLargestObject = false

    /// Whether pixels that belong to a larger mask stay with it; otherwise smaller masks are
    /// painted over larger ones.
    public var keepsLargerMasks = true

    /// The reference's defaults.
    public init() {}
}

extension LabelImage {
    /// Paints masks, from large to small, into one label image.
    ///
    /// - Parameters:
    ///   - masks: Masks of one image; of equal area the first is painted first.
    ///   - size: Size of the image.
    ///   - options: What is left out and what happens where masks overlap.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if a mask has another size.
    /// - Source: `mask_data_to_segmentation` in micro-sam, `instance_segmentation.py`. There, an
    ///   image without any background loses its first object; here it does not.
    public init(
        painting masks: [RunLengthMask],
        size: Size,
        _ options: MaskPaintingOptions = MaskPaintingOptions()
    ) throws(ImagingError) {
        for mask in masks where mask.size != size {
            throw .sizeMismatch("mask", expected: size, found: mask.size)
        }
        guard size.width > 0, size.height > 0 else { throw .invalidSize("label image", size) }
        var painted = LabelImage(size: size)
        painted.paint(masks, options)
        if options.splitsParts { painted = painted.splitIntoComponents(connectivity: .edges) }
        painted = painted.removingObjects(smallerThan: options.minimumSize)
        if options.removesLargestObject { painted.removeMostFrequentLabel() }
        self = painted.relabeledSequentially()
    }

    private mutating func paint(_ masks: [RunLengthMask], _ options: MaskPaintingOptions) {
        let areas = masks.map(\.area)
        let order = masks.indices.sorted { (areas[$1], $0) < (areas[$0], $1) }
        var label: UInt32 = 0
        for index in order {
            guard areas[index] >= options.minimumSize,
                areas[index] <= options.maximumSize ?? .max
            else { continue }
            label += 1
            for run in masks[index].runs {
                for pixel in run.start..<run.end {
                    if labels[pixel] == 0 || !options.keepsLargerMasks { labels[pixel] = label }
                }
            }
        }
    }

    private mutating func removeMostFrequentLabel() {
        let index = LabelIndex(self)
        let sizes = index.sizes(in: self)
        let background = labels.count - sizes.reduce(0, +)
        guard let largest = sizes.max(), largest > background,
            let object = sizes.firstIndex(of: largest)
        else { return }
        let label = index.labels[object]
        for pixel in labels.indices where labels[pixel] == label { labels[pixel] = 0 }
    }
}
