import Imaging

/// What a description of a microscope or of ImageJ says of pages whose axes it does not get to name.
struct PageContext {
    var format = "TIFF"

    /// How many planes the first page stands for, where they follow it without pages of their own.
    var planes = 1

    /// The extents before rows and columns, slowest first; empty if the planes are only counted.
    var lead: [Int] = []

    /// The size of a pixel of a page; nil for what the page itself says.
    var physicalSize: (TIFFPage) -> PhysicalSize? = { _ in nil }

    /// Whether palette and inverted grey are only a way of display.
    var hasDisplayPalette = false

    /// Nothing is said.
    init() {}

    init(_ metadata: ImageJMetadata) {
        format = "ImageJ TIFF"
        if metadata.isConsistent {
            planes = metadata.images
            lead = [metadata.frames, metadata.slices, metadata.channels].filter { $0 > 1 }
        }
        physicalSize = { metadata.physicalSize(of: $0) }
        hasDisplayPalette = true
    }

    init(_ metadata: MetaMorphMetadata) {
        format = "MetaMorph STK"
        planes = metadata.planes
        physicalSize = { _ in metadata.physicalSize }
    }

    init(_ metadata: LSMMetadata) {
        format = "Zeiss LSM"
        lead = [metadata.t, metadata.z].filter { $0 > 1 }
        physicalSize = { _ in metadata.physicalSize }
    }
}
