extension InstanceMaps {
    /// The typical diameter of objects, in pixels; nil if there are none.
    ///
    /// Objects that the watershed finds count, and parts of the foreground in which it finds none: where
    /// objects are too small to be told from each other, the foreground still shows how small they are.
    ///
    /// - Parameter options: How objects are found.
    public func typicalDiameter(
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
        return labels.typicalDiameter()
    }
}

extension LabelImage {
    /// The typical diameter of objects, in pixels: that of a disc of the same area, and of the objects that, in
    /// ascending order, make half of all pixels; nil if there is no object of at least `minimumArea` pixels.
    public func typicalDiameter(minimumArea: Int = 12) -> Double? {
        let areas = LabelIndex(self).sizes(in: self).filter { $0 >= minimumArea }.sorted()
        let all = areas.reduce(0, +)
        var sum = 0
        let median = areas.first {
            sum += $0
            return 2 * sum >= all
        }
        return median.map { 2 * (Double($0) / .pi).squareRoot() }
    }
}
