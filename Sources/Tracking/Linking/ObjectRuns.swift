import Imaging

/// The pixels of an object as horizontal runs.
struct ObjectRuns: Sendable {
    private struct Run {
        let y: Int32
        let start: Int32
        let end: Int32  // the column behind the last
    }

    private var runs: [Run] = []

    /// The runs of every object, in the order of `index.labels`.
    static func all(in image: LabelImage, _ index: LabelIndex) -> [ObjectRuns] {
        var result = [ObjectRuns](repeating: ObjectRuns(), count: index.labels.count)
        let width = image.size.width
        // Safe because the buffer is only read, inside the closure, at places in the image.
        image.labels.withUnsafeBufferPointer { labels in
            for y in 0..<image.size.height {
                var x = 0
                while x < width {
                    let label = labels[y * width + x]
                    let start = x
                    repeat { x += 1 } while x < width && labels[y * width + x] == label
                    guard label != 0 else { continue }
                    let run = Run(y: Int32(y), start: Int32(start), end: Int32(x))
                    result[index.position(of: label)].runs.append(run)
                }
            }
        }
        return result
    }

    /// How many pixels of each object of `image` lie under these pixels when they are moved.
    ///
    /// - Returns: Positions in `index.labels` with their counts, ascending.
    func overlaps(
        with image: LabelImage,
        _ index: LabelIndex,
        movedBy dx: Int,
        _ dy: Int
    ) -> [(object: Int, pixels: Int)] {
        let (width, height) = (image.size.width, image.size.height)
        var counts: [(object: Int, pixels: Int)] = []
        func add(_ label: UInt32, _ pixels: Int) {
            let object = index.position(of: label)
            if let place = counts.firstIndex(where: { $0.object == object }) {
                counts[place].pixels += pixels
            } else {
                counts.append((object, pixels))
            }
        }
        // Safe because the buffer is only read, inside the closure, at places that were cut to the image.
        image.labels.withUnsafeBufferPointer { labels in
            for run in runs {
                let y = Int(run.y) + dy
                let end = min(Int(run.end) + dx, width)
                var x = max(Int(run.start) + dx, 0)
                guard y >= 0, y < height else { continue }
                while x < end {
                    let label = labels[y * width + x]
                    let start = x
                    repeat { x += 1 } while x < end && labels[y * width + x] == label
                    if label != 0 { add(label, x - start) }
                }
            }
        }
        return counts.sorted { $0.object < $1.object }
    }
}
