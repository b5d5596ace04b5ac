import ImageFormats
import Imaging

/// The only plane of an annotated image, read.
struct AnnotatedPlane {
    /// Three channels, stretched to 0...255.
    let image: Raster<UInt8>

    let truth: LabelImage

    /// Reads image and labels.
    ///
    /// - Parameters:
    ///   - splitsLabels: Whether connected parts of labels are objects of their own.
    ///   - keepsOpacity: Whether the opacity of grey pixels takes part, as in micro-sam.
    /// - Throws: ``JudgingError``, `DataSetError` or `ImageFormatError`.
    init(_ pair: AnnotatedImage, splitsLabels: Bool, keepsOpacity: Bool) throws {
        var options = AnnotatedPlanes.Options()
        options.takesThreeChannelsAsColors = true
        options.keepsOpacity = keepsOpacity
        let planes = try AnnotatedPlanes(opening: pair, options)
        guard planes.planes.count == 1 else {
            throw JudgingError.imageIsStack(
                image: pair.image,
                timePoints: planes.axes.t,
                slices: planes.axes.z
            )
        }
        let plane = planes.planes.lowerBound
        do {
            image = try planes.modelInput(plane: plane)
        } catch let error as ImagingError {
            throw JudgingError.unusableImage(image: pair.image, reason: "\(error)")
        }
        let labels = try planes.labels(plane: plane)
        truth =
            splitsLabels ? labels.splitIntoComponents(connectivity: .edgesAndCorners) : labels
    }
}
