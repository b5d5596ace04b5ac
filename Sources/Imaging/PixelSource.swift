/// The pixels of one plane, read by region when they are needed.
///
/// A file, a stored array and an image in memory are read in the same way, so that whatever segments a plane
/// gives the same result for all of them.
public protocol PixelSource: Sendable {
    /// Width and height of the plane.
    var size: Size { get }

    /// The pixels of a region as stored.
    ///
    /// - Parameter region: Lies inside of the plane.
    /// - Returns: A raster of the size of the region; number of channels and type of samples are the same
    ///   for every region.
    func read(_ region: Region) throws -> AnyRaster

    /// What stands for the stack that the plane was opened with; nil for a plane alone.
    var stackSample: StackSample? { get }
}

extension PixelSource {
    /// A plane is alone unless it says otherwise.
    public var stackSample: StackSample? { nil }

    /// The pixels of the whole plane as stored.
    public func read() throws -> AnyRaster { try read(Region(size)) }

    /// Regions of whole rows, about 16 million pixels each, from top to bottom.
    public var bands: [Region] {
        let rows = max((16 << 20) / max(size.width, 1), 1)
        return stride(from: 0, to: size.height, by: rows).map { y in
            Region(x: 0, y: y, width: size.width, height: min(rows, size.height - y))
        }
    }
}

extension AnyRaster: PixelSource {
    /// The pixels of a region.
    ///
    /// - Throws: ``ImagingError/regionOutside(_:_:)``.
    public func read(_ region: Region) throws -> AnyRaster {
        region == Region(size) ? self : try cropped(to: region)
    }
}
