import ImageFormats
import Imaging
import Prompting
import Segmentation

/// The only plane of an annotated image, read.
struct AnnotatedPlane {
    let pixels: PlanePixels

    let truth: LabelImage

    /// Reads image and labels.
    ///
    /// - Parameters:
    ///   - splitsLabels: Whether connected parts of labels are objects of their own.
    ///   - keepsOpacity: Whether the opacity of grey pixels takes part, as in micro-sam.
    ///   - normalization: How the model wants it stretched.
    ///   - work: Told what the readers noticed.
    /// - Throws: ``JudgingError``, `DataSetError` or `ImageFormatError`.
    init(
        _ pair: AnnotatedImage,
        splitsLabels: Bool,
        keepsOpacity: Bool,
        _ normalization: Normalization,
        _ work: Work
    ) throws {
        var options = AnnotatedPlanes.Options()
        options.takesThreeChannelsAsColors = true
        options.keepsOpacity = keepsOpacity
        let planes = try AnnotatedPlanes(opening: pair, options)
        planes.notes.forEach(work.note)
        guard planes.planes.count == 1 else {
            throw JudgingError.imageIsStack(
                image: pair.image,
                timePoints: planes.axes.t,
                slices: planes.axes.z
            )
        }
        let plane = planes.planes.lowerBound
        let image = try planes.image(plane: plane)
        pixels = PlanePixels(image, normalization)
        do {
            _ = try pixels.ranges(work)
            try image.intensityNotes(pair.image, normalization).forEach(work.note)
        } catch let error as ImagingError {
            throw JudgingError.unusableImage(image: pair.image, reason: "\(error)")
        }
        let labels = try planes.labels(plane: plane)
        planes.note(on: labels).map(work.note)
        truth =
            splitsLabels ? labels.splitIntoComponents(connectivity: .edgesAndCorners) : labels
    }
}
