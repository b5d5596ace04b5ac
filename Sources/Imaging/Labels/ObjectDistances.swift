/// What the decoder for automatic segmentation learns to predict: for every pixel, whether it belongs
/// to an object, and how far it is from the object's centre and from its inner boundary.
public struct ObjectDistances: Hashable, Sendable {
    /// The objects that the distances belong to: connected, none too small, numbered 1, 2, ….
    public let objects: LabelImage

    /// 1 inside objects, 0 elsewhere.
    public let foreground: Raster<Float>

    /// 0 at the centre of an object, 1 at its pixel farthest from the centre and in the background.
    public let centerDistances: Raster<Float>

    /// 0 at the pixel of an object farthest from its boundary, 1 at the boundary and in the background.
    public let boundaryDistances: Raster<Float>

    /// Computes the distances of every object.
    ///
    /// Labels are split into groups connected by edges or corners, and smaller groups dropped. The
    /// centre of an object is its centroid, rounded half to even; where that lies outside of the
    /// object, the first pixel farthest from the boundary. Distances are Euclidean, to the centre and
    /// to the inner boundary pixels inside the object's box, and are divided by their maximum in the
    /// object plus 1e-7. Cost: linear in the areas of the boxes.
    ///
    /// An object without boundary, which covers the whole image, has boundary distances of 0.
    ///
    /// - Parameters:
    ///   - labels: An instance segmentation, 0 is background.
    ///   - minimumSize: Objects of fewer pixels become background.
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` for an object more than 23 000 pixels long.
    /// - Source: `PerObjectDistanceTransform` of torch_em 0.10, `transform/label.py`.
    public init(of labels: LabelImage, minimumSize: Int = 25) throws(ImagingError) {
        let objects = labels.splitIntoComponents(connectivity: .edgesAndCorners)
            .removingObjects(smallerThan: minimumSize)
        let boundaries = objects.boundaries(.inner)
        var center = Raster<Float>(repeating: 1, size: labels.size)
        var boundary = center
        for object in try objects.measurements() {
            let crop = try ObjectCrop(object, objects, boundaries)
            crop.write(crop.centerDistances, into: &center)
            crop.write(crop.boundaryDistances, into: &boundary)
        }
        self.objects = objects
        foreground = Raster(unchecked: labels.size, samples: objects.labels.map { $0 == 0 ? 0 : 1 })
        centerDistances = center
        boundaryDistances = boundary
    }

    /// Foreground, centre distances and boundary distances one after the other, `[3, height, width]`.
    public var planes: [Float] {
        foreground.samples + centerDistances.samples + boundaryDistances.samples
    }
}

/// One object inside its bounding box.
private struct ObjectCrop {
    let region: Region
    let mask: Raster<Bool>

    /// Distances to the centre, normalised; 0 outside of the object.
    let centerDistances: [Float]

    /// Inverted distances to the boundary, normalised; 0 outside of the object.
    let boundaryDistances: [Float]

    init(
        _ object: ObjectMeasurement,
        _ objects: LabelImage,
        _ boundaries: Raster<Bool>
    ) throws(ImagingError) {
        let region = object.box
        let labels = try objects.cropped(to: region).labels
        let mask = Raster(unchecked: region.size, samples: labels.map { $0 == object.label })
        let squares = try boundaries.cropped(to: region).squaredDistances().samples
        // No boundary at all is no distance at all.
        let depths = zip(squares, mask.samples).map { square, isInside in
            isInside && square != .max ? Float(square).squareRoot() : 0
        }
        var deepest = 0
        for index in depths.indices where depths[index] > depths[deepest] { deepest = index }
        var x = Int(object.centroid.x.rounded(.toNearestOrEven)) - region.x
        var y = Int(object.centroid.y.rounded(.toNearestOrEven)) - region.y
        if !mask[x: x, y: y] { (y, x) = deepest.quotientAndRemainder(dividingBy: region.width) }
        let distances = mask.samples.indices.map { index -> Float in
            guard mask.samples[index] else { return 0 }
            let dx = index % region.width - x
            let dy = index / region.width - y
            return Float(dx * dx + dy * dy).squareRoot()
        }
        self.region = region
        self.mask = mask
        centerDistances = Self.normalized(distances)
        boundaryDistances = Self.normalized(
            zip(depths, mask.samples).map { $1 ? depths[deepest] - $0 : 0 }
        )
    }

    private static func normalized(_ values: [Float]) -> [Float] {
        let divisor = (values.max() ?? 0) + 1e-7
        return values.map { $0 / divisor }
    }

    /// Copies the values of the object's pixels.
    func write(_ values: [Float], into target: inout Raster<Float>) {
        for row in 0..<region.height {
            for column in 0..<region.width where mask[x: column, y: row] {
                target[x: region.x + column, y: region.y + row] =
                    values[row * region.width + column]
            }
        }
    }
}
