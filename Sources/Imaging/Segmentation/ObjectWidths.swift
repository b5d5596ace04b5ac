extension InstanceMaps {
    /// The typical widths of objects, in pixels; nil if there are none.
    ///
    /// As ``LabelImage/typicalWidths(minimumArea:)``, of the objects that the watershed finds and of the parts of
    /// the foreground in which it finds none: where objects are too small to be told apart, the foreground still
    /// shows how small they are.
    ///
    /// - Parameters:
    ///   - options: How objects are found.
    ///   - minimumArea: Objects of fewer pixels do not count.
    public func typicalWidths(
        _ options: WatershedOptions = WatershedOptions(),
        minimumArea: Int = 12
    ) throws(ImagingError) -> ObjectWidths? {
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
        return try ObjectWidths(typicalOf: found.widths() + missed.widths(), minimumArea)
    }
}

/// How wide objects typically are.
public struct ObjectWidths: Hashable, Sendable {
    /// Diameter in pixels of the largest disc in an object: of a long one, its width.
    ///
    /// This is what limits how well the border can be found.
    public let diameter: Double

    /// The same divided by the diameter of a disc of the object's area: 1 for a disc, 0.8 for round nuclei, 0.4 for
    /// long bacteria and for several objects that were taken for one.
    public let roundness: Double

    /// Whether objects are three times as long as wide, or more.
    public var areLong: Bool { roundness < 0.55 }

    /// The typical values, each that of the objects that, in ascending order, make half of all pixels; nil without
    /// objects.
    fileprivate init?(typicalOf objects: [ObjectWidth], _ minimumArea: Int) {
        let objects = objects.filter { $0.area >= minimumArea }
        let all = objects.reduce(0) { $0 + $1.area }
        func typical(_ value: (ObjectWidth) -> Double) -> Double? {
            var sum = 0
            return objects.sorted { value($0) < value($1) }.first { object in
                sum += object.area
                return 2 * sum >= all
            }.map(value)
        }
        guard let diameter = typical(\.diameter),
            let roundness = typical({ $0.diameter / (2 * (Double($0.area) / .pi).squareRoot()) })
        else { return nil }
        (self.diameter, self.roundness) = (diameter, roundness)
    }
}

extension LabelImage {
    /// The typical widths of objects, in pixels; nil if there are none.
    ///
    /// - Parameter minimumArea: Objects of fewer pixels do not count.
    public func typicalWidths(minimumArea: Int = 12) throws(ImagingError) -> ObjectWidths? {
        try ObjectWidths(typicalOf: widths(), minimumArea)
    }

    /// Area of each object in pixels, and diameter of the largest disc in it.
    fileprivate func widths() throws(ImagingError) -> [ObjectWidth] {
        var widths: [ObjectWidth] = []
        for object in try measurements() {
            // With one pixel around, so that other objects and the background end it, but not the image's border.
            let around = object.box.enlarged(by: 1).intersection(Region(size)) ?? object.box
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
