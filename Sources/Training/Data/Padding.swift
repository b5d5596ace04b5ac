import Imaging

extension Raster where Sample == Float {
    /// The image with zeros at the right and at the bottom up to `target`.
    func padded(to target: Size) -> Raster<Float> {
        guard target.width > size.width || target.height > size.height else { return self }
        let result = Size(
            width: max(target.width, size.width),
            height: max(target.height, size.height)
        )
        var padded = Raster(repeating: 0, size: result, channels: channels)
        for row in 0..<size.height {
            let from = row * size.width * channels
            let to = row * result.width * channels
            padded.samples.replaceSubrange(
                to..<to + size.width * channels,
                with: samples[from..<from + size.width * channels]
            )
        }
        return padded
    }

    /// Three channels: a single one is copied.
    func asRGB() -> Raster<Float> {
        guard channels == 1 else { return self }
        var result: [Float] = []
        result.reserveCapacity(3 * samples.count)
        for value in samples {
            result.append(value)
            result.append(value)
            result.append(value)
        }
        return Raster(unchecked: size, channels: 3, samples: result)
    }
}

extension LabelImage {
    /// The labels with background at the right and at the bottom up to `target`, which is no smaller.
    func padded(to target: Size) -> LabelImage {
        guard target != size else { return self }
        var padded = LabelImage(size: target)
        for row in 0..<size.height {
            padded.labels.replaceSubrange(
                row * target.width..<row * target.width + size.width,
                with: labels[row * size.width..<(row + 1) * size.width]
            )
        }
        return padded
    }
}

extension Size {
    /// Both sides multiplied and rounded, at least 1.
    func scaled(by factor: Double) -> Size {
        func side(_ length: Int) -> Int { max(Int((Double(length) * factor).rounded()), 1) }
        return Size(width: side(width), height: side(height))
    }
}
