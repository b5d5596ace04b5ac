public import Imaging

extension Project {
    /// The pixels of a plane that belong to objects.
    ///
    /// - Parameter label: An object whose pixels count as free; nil for none.
    /// - Throws: ``ProjectError/unknownImage(_:)``; ``ProjectError/badGesture(_:)`` for a plane that is not there, or is too
    ///   large for memory; errors of the file.
    public func occupiedPixels(
        image: Int64,
        t: Int = 0,
        z: Int = 0,
        except label: UInt32? = nil
    ) throws(ProjectError) -> RunLengthMask {
        let labels = try labelImage(image: image, t: t, z: z)
        let size = labels.size
        let plane = Region(x: 0, y: 0, width: size.width, height: size.height)
        let pixels = PixelSet(in: plane) { labels.labels[$0] != 0 && labels.labels[$0] != label }
        return RunLengthMask(pixels: pixels, size: size)
    }
}
