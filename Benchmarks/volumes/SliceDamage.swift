import Imaging

/// Errors of a segmentation of single slices, made by chance from true labels.
///
/// Each number is the chance of an object of one slice to be hit.
struct SliceDamage {
    let name: String
    /// The object becomes one with a neighbour.
    var merged = 0.0
    /// The object is cut in two.
    var split = 0.0
    /// The object is missing in this slice, and with the same chance as not in the next one.
    var missing = 0.0
    /// The object loses its rim or moves by a pixel.
    var jitter = 0.0
    /// An object that is none is added for so many true ones.
    var spurious = 0.0

    static let all = [
        SliceDamage(name: "none"),
        SliceDamage(name: "outlines", jitter: 0.7),
        SliceDamage(name: "merged", merged: 0.08, jitter: 0.7),
        SliceDamage(name: "split", split: 0.08, jitter: 0.7),
        SliceDamage(name: "missing", missing: 0.05, jitter: 0.7),
        SliceDamage(
            name: "mixed",
            merged: 0.04,
            split: 0.04,
            missing: 0.02,
            jitter: 0.7,
            spurious: 0.04
        ),
        SliceDamage(
            name: "heavy",
            merged: 0.1,
            split: 0.1,
            missing: 0.04,
            jitter: 1,
            spurious: 0.1
        ),
    ]

    /// The slices as a segmentation of single slices might have found them; objects are numbered through all slices.
    ///
    /// - Parameter truth: The slices of a label volume.
    func slices(_ truth: [LabelImage], seed: UInt64) throws -> [LabelImage] {
        var random = SplitMix64(seed: seed)
        var absent: Set<UInt32> = []
        var next: UInt32 = 1
        return try truth.map { slice in
            var slice = slice
            absent = remove(from: &slice, absent, &random)
            var parts = slice.splitIntoComponents(connectivity: .edgesAndCorners)
            move(&parts, &random)
            erode(&parts, &random)
            merge(&parts, &random)
            cut(&parts, &random)
            add(to: &parts, &random)
            // Few methods keep the smallest pieces.
            parts = parts.removingObjects(smallerThan: 20)
            let labels = parts.objectLabels()
            let numbers = Dictionary(uniqueKeysWithValues: zip(labels, next...))
            next += UInt32(labels.count)
            return try LabelImage(size: parts.size, labels: parts.labels.map { numbers[$0] ?? 0 })
        }
    }

    /// Removes objects; returns those that are missing for the first time.
    private func remove(
        from slice: inout LabelImage,
        _ absent: Set<UInt32>,
        _ random: inout SplitMix64
    ) -> Set<UInt32> {
        var (gone, first): (Set<UInt32>, Set<UInt32>) = ([], [])
        for label in slice.objectLabels() {
            if absent.contains(label) {
                if random.uniform(0...1) < 0.5 { gone.insert(label) }
            } else if random.uniform(0...1) < missing {
                first.insert(label)
            }
        }
        gone.formUnion(first)
        if !gone.isEmpty { slice.labels = slice.labels.map { gone.contains($0) ? 0 : $0 } }
        return first
    }

    /// Moves all objects of the slice together by up to a pixel.
    private func move(_ slice: inout LabelImage, _ random: inout SplitMix64) {
        guard random.uniform(0...1) < jitter else { return }
        let (dx, dy) = (Int(random.next() % 3) - 1, Int(random.next() % 3) - 1)
        let before = slice
        for y in 0..<slice.size.height {
            for x in 0..<slice.size.width {
                let (fromX, fromY) = (
                    min(max(x - dx, 0), slice.size.width - 1),
                    min(max(y - dy, 0), slice.size.height - 1)
                )
                slice[x: x, y: y] = before[x: fromX, y: fromY]
            }
        }
    }

    /// Takes the rim from objects; others grow into the background.
    private func erode(_ slice: inout LabelImage, _ random: inout SplitMix64) {
        let labels = slice.objectLabels()
        var change: [UInt32: Int] = [:]
        for label in labels where random.uniform(0...1) < jitter {
            change[label] = random.uniform(0...1) < 0.5 ? -1 : 1
        }
        let area = slice.labels.reduce(0) { $1 == 0 ? $0 : $0 + 1 } / max(labels.count, 1)
        for _ in 0..<(area < 600 ? 1 : 2) {
            let before = slice
            for y in 0..<slice.size.height {
                for x in 0..<slice.size.width {
                    let label = before[x: x, y: y]
                    let around = Self.around(before, x, y)
                    if label == 0 {
                        if let grown = around.first(where: { $0 != 0 && change[$0] == 1 }) {
                            slice[x: x, y: y] = grown
                        }
                    } else if change[label] == -1, around.contains(where: { $0 != label }) {
                        slice[x: x, y: y] = 0
                    }
                }
            }
        }
    }

    private static func around(_ slice: LabelImage, _ x: Int, _ y: Int) -> [UInt32] {
        var values: [UInt32] = []
        if x > 0 { values.append(slice[x: x - 1, y: y]) }
        if y > 0 { values.append(slice[x: x, y: y - 1]) }
        if x + 1 < slice.size.width { values.append(slice[x: x + 1, y: y]) }
        if y + 1 < slice.size.height { values.append(slice[x: x, y: y + 1]) }
        return values
    }

    /// Makes one object of two that are near each other.
    private func merge(_ slice: inout LabelImage, _ random: inout SplitMix64) {
        guard merged > 0 else { return }
        var neighbors: [UInt32: Set<UInt32>] = [:]
        let (width, height) = (slice.size.width, slice.size.height)
        for y in 0..<height {
            for x in 0..<width where slice[x: x, y: y] != 0 {
                for (dx, dy) in [(4, 0), (0, 4), (1, 0), (0, 1)]
                where x + dx < width && y + dy < height {
                    let (a, b) = (slice[x: x, y: y], slice[x: x + dx, y: y + dy])
                    guard b != 0, a != b else { continue }
                    neighbors[a, default: []].insert(b)
                    neighbors[b, default: []].insert(a)
                }
            }
        }
        var joined: [UInt32: UInt32] = [:]
        for label in neighbors.keys.sorted() where joined[label] == nil {
            // Each of the two can begin.
            guard random.uniform(0...1) < merged / 2 else { continue }
            let free = (neighbors[label] ?? []).filter { joined[$0] == nil }.sorted()
            guard !free.isEmpty else { continue }
            let other = free[Int(random.next() % UInt64(free.count))]
            (joined[label], joined[other]) = (min(label, other), min(label, other))
        }
        if !joined.isEmpty { slice.labels = slice.labels.map { joined[$0] ?? $0 } }
    }

    /// Cuts objects by a straight line near their middle.
    private func cut(_ slice: inout LabelImage, _ random: inout SplitMix64) {
        guard split > 0 else { return }
        var next = (slice.labels.max() ?? 0) + 1
        var places: [UInt32: [Int]] = [:]
        for (place, label) in slice.labels.enumerated() where label != 0 {
            places[label, default: []].append(place)
        }
        let width = slice.size.width
        for label in places.keys.sorted() {
            guard random.uniform(0...1) < split, let pixels = places[label], pixels.count > 30
            else { continue }
            let (cosine, sine) = Elementary.cosineAndSine(random.uniform(0...2 * .pi))
            let heights = pixels.map { Double($0 % width) * cosine + Double($0 / width) * sine }
            let sorted = heights.sorted()
            let limit = sorted[Int(random.uniform(0.3...0.7) * Double(sorted.count))]
            for (place, height) in zip(pixels, heights) where height > limit {
                slice.labels[place] = next
            }
            next += 1
        }
    }

    /// Adds discs on the background.
    private func add(to slice: inout LabelImage, _ random: inout SplitMix64) {
        guard spurious > 0 else { return }
        let labels = slice.objectLabels()
        var next = (labels.max() ?? 0) + 1
        let area = slice.labels.reduce(0) { $1 == 0 ? $0 : $0 + 1 } / max(labels.count, 1)
        let radius = max(3, Double(area / 3).squareRoot() / 2)
        for _ in labels where random.uniform(0...1) < spurious {
            let x = random.uniform(0...Double(slice.size.width))
            let y = random.uniform(0...Double(slice.size.height))
            for row in 0..<slice.size.height where abs(Double(row) - y) <= radius {
                for column in 0..<slice.size.width {
                    let (dx, dy) = (Double(column) - x, Double(row) - y)
                    if dx * dx + dy * dy <= radius * radius, slice[x: column, y: row] == 0 {
                        slice[x: column, y: row] = next
                    }
                }
            }
            next += 1
        }
    }
}
