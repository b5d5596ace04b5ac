public import Imaging

/// An image file and the file with its labels, or a part of them.
///
/// Training, searches for parameters and evaluation take images in this form, so that what is learned from
/// is what is scored.
public struct AnnotatedImage: Hashable, Sendable {
    /// The image, as the user named it.
    public var image: String

    /// The labels, as the user named them.
    public var labels: String

    /// The name of the image in tables and of its results; unique in the list of a pairing.
    public var name: String

    /// How both files are read.
    public var reading = ReadingOptions()

    /// Planes to use of all time points and slices, in the order t, z; nil for all.
    public var planes: Range<Int>?

    /// The part of each plane to use, or nil for all of it.
    public var region: Region?

    /// Where in a file the pixels are.
    public struct ReadingOptions: Codable, Hashable, Sendable {
        /// The data set of the image inside a container such as HDF5.
        public var imageKey: String?
        /// The data set of the labels inside a container.
        public var labelKey: String?
        /// Which channels, or colours of an RGB image, are used, from 0: one is grey, several become red,
        /// green and blue; nil if the image leaves no choice.
        public var channels: [Int]?
        /// What the dimensions of arrays are that do not say it, such as `tyx`; of labels without the
        /// channels, if they have none.
        public var axes: String?

        /// Creates options; by default nothing is selected.
        public init(
            imageKey: String? = nil,
            labelKey: String? = nil,
            channels: [Int]? = nil,
            axes: String? = nil
        ) {
            self.imageKey = imageKey
            self.labelKey = labelKey
            self.channels = channels
            self.axes = axes
        }
    }

    /// Combines two whole files.
    ///
    /// - Parameter name: The name in tables; nil for that of the image file without folder and ending.
    public init(
        image: String,
        labels: String,
        reading: ReadingOptions = ReadingOptions(),
        name: String? = nil
    ) {
        self.image = image
        self.labels = labels
        self.reading = reading
        self.name = name ?? FileStem(image).full
    }
}

extension AnnotatedImage: Codable {
    private enum CodingKeys: CodingKey {
        case image, labels, name, reading, planes, region
    }

    /// Reads a pair; one without a name has that of its image.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            image: try values.decode(String.self, forKey: .image),
            labels: try values.decode(String.self, forKey: .labels),
            reading: try values.decode(ReadingOptions.self, forKey: .reading),
            name: try values.decodeIfPresent(String.self, forKey: .name)
        )
        planes = try values.decodeIfPresent(Range<Int>.self, forKey: .planes)
        region = try values.decodeIfPresent(Region.self, forKey: .region)
    }

    /// Writes a pair; its name only if it is another one than that of its image.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(image, forKey: .image)
        try values.encode(labels, forKey: .labels)
        if name != FileStem(image).full { try values.encode(name, forKey: .name) }
        try values.encode(reading, forKey: .reading)
        try values.encodeIfPresent(planes, forKey: .planes)
        try values.encodeIfPresent(region, forKey: .region)
    }
}

extension Array {
    /// At most so many elements, evenly spread over all; the same ones every time.
    public func evenlySpread(_ limit: Int?) -> [Element] {
        guard let limit, limit < count else { return self }
        return (0..<Swift.max(limit, 0)).map { self[(2 * $0 + 1) * count / (2 * limit)] }
    }
}
