extension InstanceMaps {
    /// The typical diameter of objects, in pixels; nil if there are none.
    ///
    /// It is that of the objects that, in ascending order, make half of all pixels. Objects that the watershed
    /// finds count with the diameter of a disc of their area. Parts of the foreground in which it finds none count
    /// with their width, because they may be several objects that touch each other: where objects are too small to
    /// be told apart, the foreground still shows how small they are.
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
        var objects = LabelIndex(found).sizes(in: found).map { area in
            (area: area, diameter: 2 * (Double(area) / .pi).squareRoot())
        }
        objects += try zip(LabelIndex(missed).sizes(in: missed), missed.objectWidths()).map {
            (area: $0, diameter: $1)
        }
        objects = objects.filter { $0.area >= minimumArea }.sorted { $0.diameter < $1.diameter }
        let all = objects.reduce(0) { $0 + $1.area }
        var sum = 0
        return objects.first { object in
            sum += object.area
            return 2 * sum >= all
        }?.diameter
    }
}

extension LabelImage {
    /// The diameter of the largest disc in each object, in pixels, by ascending labels.
    ///
    /// Objects that touch each other are one here.
    func objectWidths() throws(ImagingError) -> [Double] {
        let isOutside = Raster(unchecked: size, samples: labels.map { $0 == 0 })
        let distances = try isOutside.squaredDistances()
        let index = LabelIndex(self)
        let longest = Double(size.longestSide)
        var widths = [Double](repeating: 0, count: index.labels.count)
        index.forEachPixel(of: self) { pixel, object in
            guard object >= 0 else { return }
            // A strip of n pixels has (n + 1) / 2 as largest distance.
            let distance = min(Double(distances.samples[pixel]).squareRoot(), longest / 2)
            widths[object] = max(widths[object], 2 * distance - 1)
        }
        return widths
    }
}
