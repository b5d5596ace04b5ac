import Files

/// Why labels cannot be brought into a project, or written from it.
public enum ExchangeError: Error, Hashable, Sendable {
    /// The labels do not have the extents of the image.
    case otherExtents(labels: String, found: String, image: String, expected: String)
    /// There is no object in the file.
    case noObjects(labels: String)
    /// The image has several planes, and the form holds one.
    case severalPlanes(image: String, kind: String)
    /// The image is no stack of slices, and the form is for objects of volumes.
    case noVolume(image: String, kind: String)
    /// A result would replace an image of the project.
    case replacesImage(file: String)
    /// The pixels of the image, which a table or picture needs, do not have the extents that the project
    /// notes.
    case otherImage(image: String, found: String, expected: String)
    /// A graph of tracks names objects that the movie does not have.
    case otherObjects(links: String, found: Int, of: Int, image: String)
    /// Spots have no outlines, and the movie has no objects that they could be.
    case noPixels(tracks: String, objects: Int, image: String)
    /// Tracks are to be written, and none of so many images has some.
    case noTracks(images: Int)
    /// There is nothing that labels could belong to.
    case noImages
    /// Files of labels have other names than the images.
    case unpaired(files: Int, images: Int)
    /// Several files of labels are given for one image, and their number is not that of its planes.
    case planeFiles(files: Int, image: String, expected: String)
}

extension ExchangeError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .otherExtents(let labels, let found, let image, let expected):
            "\(labels): the labels have \(found), but the image \(image) has \(expected); "
                + "give labels of this image"
        case .replacesImage(let file):
            "\(file): this is an image of the project; choose another folder for the results"
        case .noObjects(let labels): "\(labels): there is no object in it"
        case .severalPlanes(let image, let kind):
            "\(image): the image has several planes, which \(kind) cannot hold; "
                + "choose a format that can, such as a label image"
        case .noVolume(let image, let kind):
            "\(image): meshes (\(kind)) are of the objects of a volume, but the image is no stack of slices; "
                + "choose another format"
        case .otherImage(let image, let found, let expected):
            "\(image): the image has \(found), but in the project it has \(expected); "
                + "restore the annotated image"
        case .otherObjects(let links, let found, let count, let image):
            "\(links): of \(count) objects of the graph, \(found) have their label in the movie \(image); "
                + "import the label images that belong to the graph first"
        case .noPixels(let tracks, let count, let image):
            "\(tracks): the \(count) objects of the tracks have no pixels, and the movie \(image) has no objects that they could be; "
                + "import the label images that belong to the tracks first, or give a file with outlines"
        case .noImages: "the project has no images; open some in it first"
        case .unpaired(let files, let images):
            "\(Wording.count(files, "label file")) cannot be matched with \(Wording.count(images, "image")) of the project; "
                + "give files of the same names, or choose the image that one file belongs to"
        case .planeFiles(let files, let image, let expected):
            "\(Wording.count(files, "label file")) cannot be matched with the planes of \(image), which has \(expected); "
                + "give one file for each plane, or one with all of them"
        case .noTracks(let images):
            "there are no tracks: "
                + (images == 1
                    ? "the image is no movie" : "none of the \(images) images is a movie")
                + " of one slice with objects"
        }
    }
}
