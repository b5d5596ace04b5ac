import Imaging
import Prompting

extension FileNote {
    /// What is said of labels of which one looks like a background of -1 that was stored without a sign.
    init?(_ file: String, on labels: LabelImage, of type: SampleType) {
        let greatest: UInt32? =
            switch type {
            case .uint8: 255
            case .uint16: 65_535
            case .uint32: .max
            default: nil
            }
        // 255 alone is what a mask of 8 bits has.
        guard let greatest, labels.looksLikeBackground(greatest),
            type != .uint8 || labels.labels.contains(where: { $0 != 0 && $0 != greatest })
        else { return nil }
        self.init(file, .labelLikeBackground(greatest))
    }
}

extension LabelImage {
    /// Whether a label lies on most of the border, or most of the image.
    fileprivate func looksLikeBackground(_ label: UInt32) -> Bool {
        guard labels.contains(label) else { return false }
        let (width, height) = (size.width, size.height)
        if 2 * labels.lazy.filter({ $0 == label }).count > labels.count { return true }
        let rows = [0, height - 1].flatMap { y in labels[y * width..<(y + 1) * width] }
        let columns = [0, width - 1].flatMap { x in (0..<height).map { labels[$0 * width + x] } }
        let border = rows + columns
        return 2 * border.filter { $0 == label }.count > border.count
    }
}
