package import Imaging

/// What the network sees of the objects of a frame.
///
/// - Source: `WRFeatures` in `trackastra/data/wrfeat.py`, from `skimage.measure.regionprops`.
package struct ObjectFeatures: Sendable {
    /// Row and column of each centroid, by label.
    package let coordinates: [[Float]]

    /// Diameter of the disc of the same area, mean intensity, tensor of inertia (00, 01, 10, 11), nearness to the border.
    package let features: [[Float]]

    /// How far the border is noticed, in pixels.
    private static let borderWidth = 5

    private struct Sums {
        var count = 0
        var (x, y, xx, xy, yy) = (0, 0, 0, 0, 0)
        var intensity = 0.0
        var border = Int.max
    }

    /// - Parameters:
    ///   - image: One channel, as large as the labels.
    ///   - range: What becomes 0 and 1.
    package init(
        _ labels: LabelImage,
        _ index: LabelIndex,
        _ image: Raster<Float>,
        _ range: MovieIntensities.Range
    ) {
        var sums = [Sums](repeating: Sums(), count: index.labels.count)
        let (width, height) = (labels.size.width, labels.size.height)
        index.forEachPixel(of: labels) { pixel, object in
            guard object >= 0 else { return }
            let (x, y) = (pixel % width, pixel / width)
            sums[object].count += 1
            sums[object].x += x
            sums[object].y += y
            sums[object].xx += x * x
            sums[object].xy += x * y
            sums[object].yy += y * y
            sums[object].intensity += Double(range.normalized(image.samples[pixel]))
            sums[object].border = min(sums[object].border, x, y, width - 1 - x, height - 1 - y)
        }
        coordinates = sums.map { sum in
            [Float(Double(sum.y) / Double(sum.count)), Float(Double(sum.x) / Double(sum.count))]
        }
        features = sums.map(Self.features)
    }

    private static func features(_ sum: Sums) -> [Float] {
        let count = Double(sum.count)
        let (x, y) = (Double(sum.x) / count, Double(sum.y) / count)
        let mixed = Float(x * y - Double(sum.xy) / count)
        return [
            Float((4 * count / Double.pi).squareRoot()),
            Float(sum.intensity / count),
            Float(Double(sum.xx) / count - x * x),
            mixed,
            mixed,
            Float(Double(sum.yy) / count - y * y),
            1 - min(1, Float(sum.border) / Float(borderWidth)),
        ]
    }
}
