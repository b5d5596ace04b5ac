import Imaging

/// What each format implements.
///
/// ``ImageSource`` has checked that plane, level and region exist.
protocol PlaneReader: Sendable {
    var description: ImageDescription { get }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster
}
