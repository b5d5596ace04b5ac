import Imaging
import Prompting

/// A stack without time points as a movie: its slices are the time points.
struct SliceFrames: PlaneReader {
    let description: ImageDescription
    private let stack: any PlaneReader

    /// - Throws: ``ImageFormatError`` if the image has time points, too.
    init(
        _ stack: any PlaneReader,
        _ options: ImageSource.Options,
        path: String
    ) throws(ImageFormatError) {
        let axes = stack.description.axes
        guard axes.t == 1 else {
            throw ImageFormatError(
                .outOfRange,
                path: path,
                "the slices were to be the frames, but the image has \(axes.t) time points",
                advice: "open it as it is"
            )
        }
        var found = stack.description
        (found.axes.t, found.axes.z) = (axes.z, 1)
        found.physicalSize.z = nil
        if found.series.indices.contains(options.series) {
            found.series[options.series].axes = found.axes
        }
        (self.stack, description) = (stack, found)
    }

    private static func place(_ plane: PlaneIndex) -> PlaneIndex {
        PlaneIndex(c: plane.c, z: plane.t)
    }

    func isAbsent(_ plane: PlaneIndex) -> Bool { stack.isAbsent(Self.place(plane)) }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        try stack.read(Self.place(plane), region: region, level: level)
    }
}
