public import Annotations
import Foundation
public import ImageFormats
public import Prompting

extension ImageEntry {
    /// An image file as an entry of a project; reads no pixels.
    ///
    /// - Parameters:
    ///   - file: Where it lies; the folder of the frames of a movie.
    ///   - selection: Where the frames of a movie lie.
    ///   - base: The folder of the project; files in it are named relative to it, so that both can be moved
    ///     together.
    /// - Throws: `ImageFormatError` if the file cannot be opened.
    public init(
        file: String,
        _ selection: PlaneSelection = PlaneSelection(),
        relativeTo base: String
    ) throws(ImageFormatError) {
        let description = try ImageSource(
            opening: URL(filePath: file),
            options: selection.sourceOptions
        ).description
        let axes = description.axes
        let size = description.physicalSize
        self.init(
            name: URL(filePath: file).lastPathComponent,
            path: Self.path(of: file, relativeTo: base),
            selection: selection,
            shape: ImageShape(
                t: axes.t,
                z: axes.z,
                y: axes.y,
                x: axes.x,
                c: axes.c * description.colorModel.visibleSamples
            )
        )
        if let y = size.y, let x = size.x {
            pixelSize = PhysicalPixelSize(y: y, x: x, z: size.z, unit: size.unit ?? "")
        }
    }
}

extension ColorModel {
    /// Samples of a pixel without its opacity.
    var visibleSamples: Int {
        switch self {
        case .greyAlpha, .rgba: samplesPerPixel - 1
        default: samplesPerPixel
        }
    }
}
