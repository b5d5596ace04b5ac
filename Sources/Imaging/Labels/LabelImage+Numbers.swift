extension LabelImage {
    /// The same objects with other numbers.
    ///
    /// - Parameter numbers: The new numbers by the old ones; objects that are not in it become background.
    public func renumbered(_ numbers: [UInt32: UInt32]) -> LabelImage {
        var image = self
        var last: (old: UInt32, new: UInt32) = (0, 0)
        for pixel in image.labels.indices where image.labels[pixel] != 0 {
            let label = image.labels[pixel]
            // Neighbours mostly have the same label.
            if label != last.old { last = (label, numbers[label] ?? 0) }
            image.labels[pixel] = last.new
        }
        return image
    }
}
