/// The pages of the opened file that images of an OME-XML description have taken.
struct OMEPages {
    /// The page where an image without page numbers begins.
    var next = 0

    /// The pages that the description names, whatever is in them.
    var named: Set<Int> = []
}

extension OMEMetadata.Image {
    /// The image with the channels that the description names, where it counts fewer or none; nil where
    /// that is no difference.
    var withNamedChannels: Self? {
        let named = channels.reduce(0) { $0 + $1.samplesPerPixel }
        guard named > c else { return nil }
        var image = self
        image.c = named
        return image
    }
}
