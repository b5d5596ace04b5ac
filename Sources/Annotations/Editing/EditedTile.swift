/// A tile of labels while a gesture changes it.
final class EditedTile {
    let address: TileAddress
    /// The labels in the file before the gesture; nil for background alone.
    let blob: Int64?
    let original: [UInt32]
    var labels: [UInt32]
    /// Whether something was written, equal or not.
    var isTouched = false

    init(_ address: TileAddress, blob: Int64?, labels: [UInt32]) {
        self.address = address
        self.blob = blob
        original = labels
        self.labels = labels
    }

    /// Gives pixels side by side another label where a condition holds for theirs.
    ///
    /// - Returns: How many pixels got it.
    @inline(__always)
    func write(_ label: UInt32, _ range: Range<Int>, where holds: (UInt32) throws -> Bool) rethrows
        -> Int
    {
        var count = 0
        var position = range.lowerBound
        while position < range.upperBound {
            let value = labels[position]
            let start = position
            repeat { position &+= 1 } while position < range.upperBound && labels[position] == value
            guard value != label, try holds(value) else { continue }
            labels.replaceSubrange(
                start..<position,
                with: repeatElement(label, count: position - start)
            )
            count += position - start
            isTouched = true
        }
        return count
    }

    /// Gives objects other labels, all at once, so that two can exchange theirs.
    func relabel(_ map: [UInt32: UInt32]) {
        var position = 0
        while position < labels.count {
            let value = labels[position]
            let start = position
            repeat { position &+= 1 } while position < labels.count && labels[position] == value
            guard value != 0, let label = map[value], label != value else { continue }
            for pixel in start..<position { labels[pixel] = label }
            isTouched = true
        }
    }

    /// The labels that pixels lost or got.
    var changedLabels: Set<UInt32> {
        // Safe because both buffers have the labels of one tile.
        var result: Set<UInt32> = []
        original.withUnsafeBufferPointer { original in
            labels.withUnsafeBufferPointer { labels in
                var last: (UInt32, UInt32) = (0, 0)
                for index in original.indices where original[index] != labels[index] {
                    let pair = (original[index], labels[index])
                    guard pair != last else { continue }
                    last = pair
                    result.insert(pair.0)
                    result.insert(pair.1)
                }
            }
        }
        return result
    }
}
