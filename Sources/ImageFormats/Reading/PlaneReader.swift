import Imaging

/// What each format implements.
///
/// ``ImageSource`` has checked that plane, level and region exist.
protocol PlaneReader: Sendable {
    var description: ImageDescription { get }

    /// Whether the file stores nothing at all of a plane, whose pixels then have the fill value.
    func isAbsent(_ plane: PlaneIndex) -> Bool

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster
}

extension PlaneReader {
    // Most formats store every plane.
    func isAbsent(_ plane: PlaneIndex) -> Bool { false }
}
