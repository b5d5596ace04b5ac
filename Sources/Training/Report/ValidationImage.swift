import Evaluation
import Foundation
import ImageFormats
import Imaging
import Segmentation

/// One plane of a validation image, as a model sees it, with the truth.
struct ValidationImage {
    /// File, and plane where there are several.
    let name: String

    let pixels: PlanePixels

    /// Connected parts of labels are objects of their own, as in training.
    let truth: LabelImage

    /// Reads the plane in the middle.
    init(_ pair: AnnotatedImage) throws {
        var options = AnnotatedPlanes.Options()
        options.takesThreeChannelsAsColors = true
        let reader = try AnnotatedPlanes(opening: pair, options)
        let plane = reader.planes.lowerBound + reader.planes.count / 2
        truth = try reader.labels(plane: plane).splitIntoComponents(
            connectivity: .edgesAndCorners
        )
        pixels = PlanePixels(try reader.image(plane: plane))
        name =
            URL(filePath: pair.image).lastPathComponent
            + (reader.planes.count > 1 ? ", plane \(plane)" : "")
    }
}
