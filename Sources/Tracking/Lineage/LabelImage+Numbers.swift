public import Imaging

extension LabelImage {
    /// The same objects with other labels; objects without a new label become background.
    ///
    /// Cost: a look at each pixel, and one into the dictionary where the label changes along a row.
    ///
    /// - Parameter numbers: The new labels by the old ones, for example ``LineageGraph/trackNumbers(inFrame:)``.
    public func relabeled(_ numbers: [UInt32: UInt32]) -> LabelImage {
        var result = self
        var (last, number): (UInt32, UInt32) = (0, 0)
        for pixel in labels.indices {
            let label = labels[pixel]
            if label != last { (last, number) = (label, label == 0 ? 0 : numbers[label] ?? 0) }
            result.labels[pixel] = number
        }
        return result
    }
}
