public import Imaging

/// What can be wrong with annotated images.
public enum DataSetError: Error, Hashable, Sendable {
    /// Files of which it cannot be told which belong together.
    public struct Unpaired: Hashable, Sendable {
        /// The number of images.
        public let imageCount: Int
        /// The number of label images.
        public let labelCount: Int
        /// The number of names that both have.
        public let commonCount: Int
        /// Images without labels of their name.
        public let images: [String]
        /// Label images without an image of their name.
        public let labels: [String]
    }

    /// There is no image at all.
    case noImages
    /// Images and labels that belong together could not be found.
    case unpaired(Unpaired)
    /// Names tell nothing but numbers, and these say that files of the same place do not belong together.
    case numbersDisagree(image: String, labels: String)
    /// A label image has another size than its image.
    case shapesDiffer(image: String, imageAxes: ImageAxes, labels: String, labelAxes: ImageAxes)
    /// An image has several channels, and none was chosen.
    case channelsUndecided(image: String, count: Int)
    /// Channels were chosen that the image does not have, or more than three.
    case channelsMissing(image: String, channels: [Int], count: Int)
    /// Labels with several channels, or pixels with several samples, as in a picture of labels.
    case labelsNotGrey(labels: String, channels: Int, samples: Int)
    /// Planes of one row or one column, as from dimensions that are taken for others.
    case planesTooNarrow(image: String, axes: ImageAxes)
    /// Planes or a region that do not lie inside of the image.
    case partOutside(image: String, planes: Range<Int>, region: Region, axes: ImageAxes)

    /// What helps.
    public enum Remedy: Hashable, Sendable {
        /// Name files.
        case nameFiles
        /// Give an image and its labels the same name, or as many of both in the same order.
        case matchNames
        /// Give the labels that belong to the image.
        case fitLabels
        /// Choose one to three of so many channels.
        case chooseChannels(count: Int)
        /// Give an image of whole numbers, one for each object.
        case giveLabelImage
        /// Choose a part inside of the image.
        case chooseInside
        /// Say what the dimensions of the array are.
        case nameDimensions
    }

    /// The file concerned, as the user named it; nil if it is none alone.
    public var file: String? {
        switch self {
        case .noImages, .unpaired: nil
        case .shapesDiffer(_, _, let labels, _), .labelsNotGrey(let labels, _, _),
            .numbersDisagree(_, let labels):
            labels
        case .channelsUndecided(let image, _), .channelsMissing(let image, _, _),
            .planesTooNarrow(let image, _), .partOutside(let image, _, _, _):
            image
        }
    }

    /// What helps.
    public var remedy: Remedy {
        switch self {
        case .noImages: .nameFiles
        case .unpaired, .numbersDisagree: .matchNames
        case .shapesDiffer: .fitLabels
        case .channelsUndecided(_, let count), .channelsMissing(_, _, let count):
            .chooseChannels(count: count)
        case .labelsNotGrey: .giveLabelImage
        case .partOutside: .chooseInside
        case .planesTooNarrow: .nameDimensions
        }
    }
}

extension DataSetError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .noImages:
            "there are no images with labels"
        case .unpaired(let files):
            files.description
        case .numbersDisagree(let image, let labels):
            "\(labels): by order these would be the labels of \(image), but the numbers in the names "
                + "disagree; give an image and its labels the same name"
        case .shapesDiffer(let image, let imageAxes, let labels, let labelAxes):
            "\(labels): the labels are \(labelAxes.shape), but the image \(image) is "
                + "\(imageAxes.shape); each pixel of the image needs a label"
        case .channelsUndecided(let image, let count):
            "\(image): it has \(count) separate channels; choose one, or up to three as "
                + "colours, of 0...\(count - 1)"
        case .channelsMissing(let image, let channels, let count):
            "\(image): the channels \(channels.map(String.init).joined(separator: ",")) were asked "
                + "for, but it has \(count); name one to three channels, counted from 0"
        case .labelsNotGrey(let labels, let channels, let samples):
            "\(labels): labels have one channel, but these have \(max(channels, samples)); give the label "
                + "image, in which every object has a number, not a picture of it; if these are slices, "
                + "name the axes"
        case .planesTooNarrow(let image, let axes):
            "\(image): its planes are \(axes.shape), too narrow to hold objects; if the axes are "
                + "wrong, name them"
        case .partOutside(let image, let planes, let region, let axes):
            "part of \(image): planes \(planes) and \(region.size) pixels from (\(region.x), "
                + "\(region.y)) are not all inside the image, which is \(axes.shape)"
        }
    }
}

extension DataSetError.Unpaired: CustomStringConvertible {
    /// One sentence for the user, and how to help it.
    public var description: String {
        var text =
            "images and labels do not pair up: there are \(imageCount) images and \(labelCount) "
            + "label images"
        if imageCount > 0, labelCount > 0 {
            text += ", \(commonCount) with equal names"
            text += Self.list("; without labels: ", images) + Self.list("; without image: ", labels)
        }
        return text
            + ". Give an image and its labels the same name, or as many of both in the same order"
    }

    /// The first names of a list, and how many there are more.
    private static func list(_ prefix: String, _ names: [String]) -> String {
        guard !names.isEmpty else { return "" }
        let rest = names.count > 4 ? " and \(names.count - 4) more" : ""
        return prefix + names.prefix(4).joined(separator: ", ") + rest
    }
}

extension ImageAxes {
    /// Size and number of planes, for messages.
    fileprivate var shape: String {
        "\(x) x \(y) pixels" + (t * z > 1 ? " with \(t * z) planes" : "")
    }
}
