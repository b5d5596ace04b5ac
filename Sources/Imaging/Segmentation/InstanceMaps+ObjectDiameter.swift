extension InstanceMaps {
    /// The typical diameter of objects, in pixels; nil if there are none.
    ///
    /// As ``LabelImage/typicalDiameter(minimumArea:)``, of the objects that the watershed finds and of the parts of
    /// the foreground in which it finds none: where objects are too small to be told apart, the foreground still
    /// shows how small they are.
    ///
    /// - Parameters:
    ///   - options: How objects are found.
    ///   - minimumArea: Objects of fewer pixels do not count.
    public func typicalDiameter(
        _ options: WatershedOptions = WatershedOptions(),
        minimumArea: Int = 12
    ) throws(ImagingError) -> Double? {
        let found = try segmented(options)
        let missed = try LabelImage(
            componentsOf: Raster(
                size: size,
                samples: zip(foreground.samples, found.labels).map {
                    $0 > options.foregroundThreshold && $1 == 0
                }
            ),
            connectivity: .edges
        )
        return try (found.widths() + missed.widths()).typicalDiameter(minimumArea: minimumArea)
    }
}

extension LabelImage {
    /// The typical diameter of objects, in pixels; nil if there are none.
    ///
    /// The diameter of an object is that of the largest disc in it, so a long object counts with its width: that is
    /// what limits how well its border can be found. The typical one is that of the objects that, in ascending order,
    /// make half of all pixels.
    ///
    /// - Parameter minimumArea: Objects of fewer pixels do not count.
    public func typicalDiameter(minimumArea: Int = 12) throws(ImagingError) -> Double? {
        try widths().typicalDiameter(minimumArea: minimumArea)
    }

    /// Area of each object in pixels, and diameter of the largest disc in it.
    fileprivate func widths() throws(ImagingError) -> [ObjectWidth] {
        var widths: [ObjectWidth] = []
        for object in try measurements() {
            let box = object.box
            // With one pixel around, so that other objects and the background end it, but not the image's border.
            let (left, top) = (max(box.x - 1, 0), max(box.y - 1, 0))
            let around = Region(
                x: left,
                y: top,
                width: min(box.x + box.width + 1, size.width) - left,
                height: min(box.y + box.height + 1, size.height) - top
            )
            let part = try cropped(to: around)
            let isOutside = Raster(
                unchecked: part.size,
                samples: part.labels.map { $0 != object.label }
            )
            let farthest = try isOutside.squaredDistances().samples.max() ?? 0
            // A strip of n pixels has (n + 1) / 2 as largest distance.
            let distance = min(Double(farthest).squareRoot(), Double(size.longestSide) / 2)
            widths.append(ObjectWidth(area: object.area, diameter: 2 * distance - 1))
        }
        return widths
    }
}

private struct ObjectWidth {
    let area: Int
    let diameter: Double
}

extension [ObjectWidth] {
    /// The diameter of the objects that, in ascending order, make half of all pixels.
    fileprivate func typicalDiameter(minimumArea: Int) -> Double? {
        let objects = filter { $0.area >= minimumArea }.sorted { $0.diameter < $1.diameter }
        let all = objects.reduce(0) { $0 + $1.area }
        var sum = 0
        return objects.first { object in
            sum += object.area
            return 2 * sum >= all
        }?.diameter
    }
}
