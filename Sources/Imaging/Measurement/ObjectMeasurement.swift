/// Shape and brightness of one object of a label image.
///
/// Lengths are in pixels.
public struct ObjectMeasurement: Hashable, Codable, Sendable {
    /// The label of the object.
    public let label: UInt32

    /// Number of pixels.
    public let area: Int

    /// Mean position of the pixels; the centre of the first pixel of the image is (0, 0).
    public let centroid: Point<OriginalPixels>

    /// The smallest rectangle around all pixels.
    public let box: Region

    /// Length of the outline: the polygon through the centres of the outermost pixels.
    public let perimeter: Double

    /// Eccentricity of the ellipse with the same second moments: 0 for a circle, near 1 for a line.
    public let eccentricity: Double

    /// Long axis of the ellipse with the same second moments.
    public let majorAxisLength: Double

    /// Short axis of the ellipse with the same second moments.
    public let minorAxisLength: Double

    /// Mean intensity in every channel of the image; empty if there was none.
    public let meanIntensities: [Double]
}

extension LabelImage {
    /// Measures every object.
    ///
    /// The definitions are those of `skimage.measure.regionprops` 0.25 (perimeter with
    /// 4-neighbourhood). Cost: two passes over the labels, one per channel of the image.
    ///
    /// - Parameter image: The image to take intensities from, any number of channels, or `nil`.
    /// - Returns: The objects in ascending order of their labels.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if the image has another size.
    public func measurements(
        of image: AnyRaster? = nil
    ) throws(ImagingError) -> [ObjectMeasurement] {
        if let image, image.size != size {
            throw .sizeMismatch("image to measure", expected: size, found: image.size)
        }
        let index = LabelIndex(self)
        var sums = [MomentSums](repeating: MomentSums(), count: index.labels.count)
        for y in 0..<size.height {
            for x in 0..<size.width where labels[y * size.width + x] != 0 {
                sums[index.position(of: labels[y * size.width + x])].add(x: x, y: y)
            }
        }
        let perimeters = perimeters(index)
        let intensities = image.map { meanIntensities(of: $0.floats(), index, sums) }
        return index.labels.indices.map { object in
            sums[object].measurement(
                label: index.labels[object],
                perimeter: perimeters[object],
                intensities: intensities?[object] ?? []
            )
        }
    }

    private func meanIntensities(
        of image: Raster<Float>,
        _ index: LabelIndex,
        _ sums: [MomentSums]
    ) -> [[Double]] {
        var means = sums.map { _ in [Double](repeating: 0, count: image.channels) }
        index.forEachPixel(of: self) { pixel, object in
            guard object >= 0 else { return }
            for channel in 0..<image.channels {
                means[object][channel] += Double(image.samples[pixel * image.channels + channel])
            }
        }
        for (object, sum) in sums.enumerated() {
            for channel in 0..<image.channels { means[object][channel] /= Double(sum.area) }
        }
        return means
    }
}

/// What one pass over the pixels of an object adds up.
private struct MomentSums {
    var area = 0
    private var minX = Int.max
    private var minY = Int.max
    private var maxX = Int.min
    private var maxY = Int.min
    private var x = 0
    private var y = 0
    private var xx = 0
    private var xy = 0
    private var yy = 0

    mutating func add(x px: Int, y py: Int) {
        area += 1
        minX = min(minX, px)
        maxX = max(maxX, px)
        minY = min(minY, py)
        maxY = max(maxY, py)
        x += px
        y += py
        xx += px * px
        xy += px * py
        yy += py * py
    }

    func measurement(label: UInt32, perimeter: Double, intensities: [Double]) -> ObjectMeasurement {
        let count = Double(area)
        let (cx, cy) = (Double(x) / count, Double(y) / count)
        let (a, b) = (max(Double(xx) / count - cx * cx, 0), max(Double(yy) / count - cy * cy, 0))
        let mixed = Double(xy) / count - cx * cy
        let spread = ((a - b) * (a - b) + 4 * mixed * mixed).squareRoot()
        let (large, small) = ((a + b + spread) / 2, max((a + b - spread) / 2, 0))
        return ObjectMeasurement(
            label: label,
            area: area,
            centroid: Point(x: cx, y: cy),
            box: Region(x: minX, y: minY, width: maxX - minX + 1, height: maxY - minY + 1),
            perimeter: perimeter,
            eccentricity: large > 1e-12 ? (1 - small / large).squareRoot() : 0,
            majorAxisLength: 4 * large.squareRoot(),
            minorAxisLength: 4 * small.squareRoot(),
            meanIntensities: intensities
        )
    }
}

extension LabelImage {
    /// The perimeter of each object: every outermost pixel adds a length that depends on which of
    /// its neighbours are outermost pixels of the same object too.
    ///
    /// - Source: K. Benkrid, D. Crookes, "Design and FPGA implementation of a perimeter
    ///   estimator", 2000, as in `skimage.measure.perimeter`.
    fileprivate func perimeters(_ index: LabelIndex) -> [Double] {
        let isOutermost = outermostPixels()
        var result = [Double](repeating: 0, count: index.labels.count)
        index.forEachPixel(of: self) { pixel, object in
            guard object >= 0, isOutermost[pixel] else { return }
            let (x, y) = (pixel % size.width, pixel / size.width)
            var edges = 0
            var corners = 0
            for ny in max(y - 1, 0)...min(y + 1, size.height - 1) {
                for nx in max(x - 1, 0)...min(x + 1, size.width - 1) where nx != x || ny != y {
                    let other = ny * size.width + nx
                    guard isOutermost[other], labels[other] == labels[pixel] else { continue }
                    if nx == x || ny == y { edges += 1 } else { corners += 1 }
                }
            }
            result[object] += Self.outlineLength(edges: edges, corners: corners)
        }
        return result
    }

    private static func outlineLength(edges: Int, corners: Int) -> Double {
        switch (edges, corners) {
        case (2, 0), (3, 0), (2, 1), (3, 1), (2, 2), (3, 2): 1
        case (0, 2), (1, 3): 2.0.squareRoot()
        case (1, 1), (1, 2): (1 + 2.0.squareRoot()) / 2
        default: 0
        }
    }

    /// Object pixels that have a neighbour of another label, or lie at the border of the image.
    private func outermostPixels() -> [Bool] {
        var result = boundaries(.inner).samples
        for x in 0..<size.width {
            result[x] = labels[x] != 0
            let last = size.count - 1 - x
            result[last] = labels[last] != 0
        }
        for y in 0..<size.height {
            let first = y * size.width
            result[first] = labels[first] != 0
            result[first + size.width - 1] = labels[first + size.width - 1] != 0
        }
        return result
    }
}
