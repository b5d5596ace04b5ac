public import Imaging

/// Shapes between two masks of the same object.
public enum ShapeInterpolation {
    /// A mask between two others, from signed distances to their outlines.
    ///
    /// - Parameters:
    ///   - first: The mask at position 0, `[height, width]`.
    ///   - second: The mask at position 1, of the same size.
    ///   - position: A position between both, 0...1.
    /// - Returns: The pixels whose mean distance, weighted by position, is inside.
    /// - Source: S. P. Raya and J. K. Udupa, "Shape-based interpolation of multidimensional objects", IEEE TMI 1990.
    /// - Throws: `ImagingError.sizeMismatch` if the sizes differ.
    public static func mask(
        between first: Raster<Bool>,
        _ second: Raster<Bool>,
        at position: Double
    ) throws(ImagingError) -> Raster<Bool> {
        guard first.size == second.size else {
            throw .sizeMismatch("second mask", expected: first.size, found: second.size)
        }
        let (from, to) = (try signedDistances(first), try signedDistances(second))
        var result = Raster<Bool>(repeating: false, size: first.size)
        for index in result.samples.indices {
            result.samples[index] = (1 - position) * from[index] + position * to[index] > 0
        }
        return result
    }

    /// Distance to the outline: positive inside, negative outside.
    private static func signedDistances(_ mask: Raster<Bool>) throws(ImagingError) -> [Double] {
        let outside = try mask.distances()
        let inside = try mask.map { !$0 }.distances()
        return zip(inside.samples, outside.samples).map { inside, outside in
            // A mask that is full or empty has no outline on one side.
            inside > 0 ? Double(min(inside, 1e6)) - 0.5 : 0.5 - Double(min(outside, 1e6))
        }
    }
}
