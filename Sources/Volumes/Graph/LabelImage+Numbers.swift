import Imaging

extension LabelImage {
    /// The image with its objects numbered anew in the order of their labels.
    ///
    /// - Returns: The image, whose first object has the number `first`, and the size of each object in pixels.
    func numbered(from first: Int) -> (image: LabelImage, sizes: [Int]) {
        let objects = objectLabels()
        var sizes = [Int](repeating: 0, count: objects.count)
        var result = self
        var (known, index) = (UInt32(0), -1)
        for place in result.labels.indices {
            let label = result.labels[place]
            guard label != 0 else { continue }
            if label != known { (known, index) = (label, Self.index(of: label, in: objects)) }
            sizes[index] += 1
            result.labels[place] = UInt32(truncatingIfNeeded: first + index)
        }
        return (result, sizes)
    }

    /// The index of a label that is in the ascending list.
    private static func index(of label: UInt32, in objects: [UInt32]) -> Int {
        // Labels without gaps, the usual case, need no search.
        let guess = Int(label) - 1
        if guess < objects.count, objects[guess] == label { return guess }
        var (low, high) = (0, objects.count)
        while low < high {
            let middle = (low + high) / 2
            if objects[middle] < label { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
