extension LabelImage {
    /// Sets objects of fewer than `minimum` pixels to background and numbers the rest 1, 2, ….
    ///
    /// The order of the labels is kept. With a `minimum` of 0 or 1 this only renumbers.
    public func removingObjects(smallerThan minimum: Int) -> LabelImage {
        renumbered { $0 >= minimum }
    }

    /// Numbers the objects 1, 2, … in the order of their labels; 0 stays 0.
    public func relabeledSequentially() -> LabelImage { renumbered { _ in true } }

    /// The labels in use, ascending, without 0.
    public func objectLabels() -> [UInt32] { LabelIndex(self).labels }

    private func renumbered(keepingSizes isKept: (Int) -> Bool) -> LabelImage {
        let index = LabelIndex(self)
        let sizes = index.sizes(in: self)
        var next: UInt32 = 0
        let numbers = sizes.map { size in
            guard isKept(size) else { return UInt32(0) }
            next += 1
            return next
        }
        let labels = [UInt32](unsafeUninitializedCapacity: labels.count) { output, used in
            // Safe because every pixel is visited once and has a place in the output.
            index.forEachPixel(of: self) { pixel, object in
                output[pixel] = object < 0 ? 0 : numbers[object]
            }
            used = size.count
        }
        return LabelImage(unchecked: size, labels: labels)
    }
}

/// The labels of an image in ascending order, and the way from a label to its position.
package struct LabelIndex: Sendable {
    /// The labels in use, ascending, without 0.
    package let labels: [UInt32]

    /// Position of each label up to the largest, -1 where unused; empty if labels are too sparse.
    private let table: [Int32]
    private let sparse: [UInt32: Int]

    /// Finds the labels of `image`.
    ///
    /// Cost: two passes; sparse labels cost a dictionary look-up each
    /// time the label changes along a row.
    package init(_ image: LabelImage) {
        let largest = Int(image.labels.max() ?? 0)
        if largest == 0 {
            (labels, table, sparse) = ([], [], [:])
        } else if largest <= 4 * image.labels.count + 65_536 {
            var isUsed = [Bool](repeating: false, count: largest + 1)
            for label in image.labels { isUsed[Int(label)] = true }
            labels = isUsed.indices.dropFirst().filter { isUsed[$0] }.map { UInt32($0) }
            var table = [Int32](repeating: -1, count: largest + 1)
            for (position, label) in labels.enumerated() { table[Int(label)] = Int32(position) }
            self.table = table
            sparse = [:]
        } else {
            labels = Set(image.labels).subtracting([0]).sorted()
            table = []
            sparse = Dictionary(uniqueKeysWithValues: zip(labels, labels.indices))
        }
    }

    /// The position of `label` in ``labels``, or -1 for 0 and labels that do not occur.
    package func position(of label: UInt32) -> Int {
        guard label != 0 else { return -1 }
        if table.isEmpty { return sparse[label] ?? -1 }
        return Int(label) < table.count ? Int(table[Int(label)]) : -1
    }

    /// Calls `body` with the index of each pixel and the position of its label, in row-major order.
    @inline(__always)
    package func forEachPixel(of image: LabelImage, _ body: (Int, Int) -> Void) {
        // Safe because the buffer is only read, and only inside the closure.
        image.labels.withUnsafeBufferPointer { labels in
            var last: UInt32 = 0
            var position = -1
            for pixel in labels.indices {
                let label = labels[pixel]
                if label != last {
                    last = label
                    position = self.position(of: label)
                }
                body(pixel, position)
            }
        }
    }

    /// The number of pixels of each object.
    package func sizes(in image: LabelImage) -> [Int] {
        var sizes = [Int](repeating: 0, count: labels.count)
        forEachPixel(of: image) { _, object in
            if object >= 0 { sizes[object] += 1 }
        }
        return sizes
    }
}
