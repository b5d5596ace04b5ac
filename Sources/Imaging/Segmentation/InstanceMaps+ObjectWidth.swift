extension InstanceMaps {
    /// How wide objects typically are, in pixels; nil if there are none.
    ///
    /// Objects that the watershed finds count, and parts of the foreground in which it finds none: where
    /// objects are too small to be told from each other, the foreground still shows how small they are.
    ///
    /// - Parameter options: How objects are found.
    public func typicalObjectWidth(
        _ options: WatershedOptions = WatershedOptions()
    ) throws(ImagingError) -> Double? {
        var labels = try segmented(options)
        let isMissed = try Raster(
            size: size,
            samples: zip(foreground.samples, labels.labels).map {
                $0 > options.foregroundThreshold && $1 == 0
            }
        )
        let missed = try LabelImage(componentsOf: isMissed, connectivity: .edges)
        let offset = labels.labels.max() ?? 0
        for (index, label) in missed.labels.enumerated() where label > 0 {
            labels.labels[index] = label + offset
        }
        return try labels.typicalWidth()
    }
}

extension LabelImage {
    /// How wide objects typically are, in pixels: the diameter of the largest circle in an object, of which
    /// the objects with half of all pixels have less; nil if there are none of at least `minimumArea`.
    public func typicalWidth(minimumArea: Int = 12) throws(ImagingError) -> Double? {
        let distances = try border.squaredDistances()
        let longest = Double(size.longestSide)
        let index = LabelIndex(self)
        var widths = [Double](repeating: 0, count: index.labels.count)
        var areas = [Int](repeating: 0, count: index.labels.count)
        index.forEachPixel(of: self) { pixel, object in
            guard object >= 0 else { return }
            areas[object] += 1
            // A strip of n pixels has (n + 1) / 2 as largest distance.
            let distance = min(Double(distances.samples[pixel]).squareRoot(), longest / 2)
            widths[object] = max(widths[object], 2 * distance - 1)
        }
        let objects = zip(widths, areas).filter { $0.1 >= minimumArea }.sorted { $0.0 < $1.0 }
        let all = objects.reduce(0) { $0 + $1.1 }
        var sum = 0
        return objects.first {
            sum += $0.1
            return 2 * sum >= all
        }?.0
    }

    /// The background, and pixels of objects that touch another object to the right or below.
    private var border: Raster<Bool> {
        var border = Raster(repeating: false, size: size)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let index = size.index(x: x, y: y)
                let label = labels[index]
                let right = x + 1 < size.width ? labels[index + 1] : label
                let below = y + 1 < size.height ? labels[index + size.width] : label
                let isFree = [right, below].allSatisfy { $0 == label || $0 == 0 }
                border.samples[index] = label == 0 || !isFree
            }
        }
        return border
    }
}
