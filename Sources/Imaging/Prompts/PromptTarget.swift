/// A true object with the prompts that stand for it when a user is simulated.
public struct PromptTarget: Hashable, Sendable {
    /// Label of the object.
    public let label: UInt32

    /// Its pixels.
    public let mask: RunLengthMask

    /// The smallest rectangle around it.
    public let region: Region

    /// The pixel of the object farthest from all boundaries; of equally far ones the first row by
    /// row.
    public let center: Point<OriginalPixels>

    package init(
        label: UInt32,
        mask: RunLengthMask,
        region: Region,
        center: Point<OriginalPixels>
    ) {
        self.label = label
        self.mask = mask
        self.region = region
        self.center = center
    }

    /// The smallest box around it, in pixels, the end excluded.
    public var box: Box<OriginalPixels> { Box(region) }
}

extension LabelImage {
    /// Every object with its box and its centre, in ascending order of labels.
    ///
    /// Boundaries are the pixels of objects beside a pixel (sharing an edge) with another label; the
    /// outside of the image counts as background. Where there is no background, the reference drops
    /// the first object; here it is kept.
    ///
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side exceeds 22 998 pixels.
    /// - Source: `get_centers_and_bounding_boxes` in micro-sam, `util.py`.
    public func promptTargets() throws(ImagingError) -> [PromptTarget] {
        let distances = try padded().boundaries(.inner).squaredDistances()
        let index = LabelIndex(self)
        var best = [Int](repeating: -1, count: index.labels.count)
        var farthest = [Int32](repeating: -1, count: index.labels.count)
        var runs = [[RunLengthMask.Run]](repeating: [], count: index.labels.count)
        var (start, current) = (0, -1)
        index.forEachPixel(of: self) { pixel, object in
            if object != current {
                if current >= 0 { runs[current].append(.init(start: start, end: pixel)) }
                (start, current) = (pixel, object)
            }
            guard object >= 0 else { return }
            let (y, x) = pixel.quotientAndRemainder(dividingBy: size.width)
            let distance = distances[x: x + 1, y: y + 1]
            if distance > farthest[object] { (farthest[object], best[object]) = (distance, pixel) }
        }
        if current >= 0 { runs[current].append(.init(start: start, end: labels.count)) }
        return index.labels.indices.compactMap { object in
            let mask = RunLengthMask(unchecked: size, runs: runs[object])
            guard let region = mask.boundingBox else { return nil }
            let center = Point<OriginalPixels>(
                x: Double(best[object] % size.width),
                y: Double(best[object] / size.width)
            )
            return PromptTarget(
                label: index.labels[object],
                mask: mask,
                region: region,
                center: center
            )
        }
    }

    /// With a border of one background pixel.
    private func padded() -> LabelImage {
        var result = LabelImage(size: Size(width: size.width + 2, height: size.height + 2))
        for y in 0..<size.height {
            let target = (y + 1) * result.size.width + 1
            result.labels.replaceSubrange(
                target..<target + size.width,
                with: labels[y * size.width..<(y + 1) * size.width]
            )
        }
        return result
    }
}
