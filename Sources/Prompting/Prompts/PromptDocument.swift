public import Imaging

/// All prompts for one image, as files and messages hold them.
///
/// The JSON form is versioned: a reader refuses a version that it does not know instead of guessing.
/// Keys that it does not know are ignored. `docs/prompts.md` describes it with examples.
public struct PromptDocument: Hashable, Sendable {
    /// The first words of the JSON form.
    public static let format = "microsam.prompts"

    /// The version that is written, and the latest that is read.
    public static let version = 1

    /// The image that the prompts were made for.
    public struct Image: Hashable, Codable, Sendable {
        /// Name of its file.
        public var name: String?

        /// Columns.
        public var width: Int?

        /// Rows.
        public var height: Int?

        /// Describes an image, as far as it is known.
        public init(name: String? = nil, width: Int? = nil, height: Int? = nil) {
            self.name = name
            self.width = width
            self.height = height
        }
    }

    /// The image, if that is noted.
    public var image: Image?

    /// The objects; every id occurs once.
    public var objects: [PromptedObject]

    /// How the prompts are to be used, if that is noted.
    public var options: PromptOptions?

    /// Creates a document.
    public init(
        image: Image? = nil,
        objects: [PromptedObject],
        options: PromptOptions? = nil
    ) {
        self.image = image
        self.objects = objects
        self.options = options
    }

    /// Why the prompts do not belong to an image of this size; `nil` if they may.
    public func mismatch(with size: Size) -> String? {
        guard let image else { return nil }
        let (width, height) = (image.width ?? size.width, image.height ?? size.height)
        guard width != size.width || height != size.height else { return nil }
        return
            "the prompts are for an image of \(width) x \(height) pixels, but this one has \(size)"
    }
}

extension PromptDocument: Codable {
    private enum Key: String, CodingKey {
        case format, version, image, objects, options
    }

    /// Reads the JSON form, and refuses what could not be used.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        let format = try values.decode(String.self, forKey: .format)
        guard format == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format,
                in: values,
                debugDescription: "the format must be '\(Self.format)'"
            )
        }
        let version = try values.decode(Int.self, forKey: .version)
        guard (1...Self.version).contains(version) else {
            throw DecodingError.dataCorruptedError(
                forKey: .version,
                in: values,
                debugDescription: "this program reads version \(Self.version)"
            )
        }
        image = try values.decodeIfPresent(Image.self, forKey: .image)
        options = try values.decodeIfPresent(PromptOptions.self, forKey: .options)
        objects = try values.decode([PromptedObject].self, forKey: .objects)
        var seen: Set<UInt32> = []
        for object in objects where !seen.insert(object.id).inserted {
            throw DecodingError.dataCorruptedError(
                forKey: .objects,
                in: values,
                debugDescription: "two objects have the id \(object.id)"
            )
        }
    }

    /// Writes the JSON form.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(Self.format, forKey: .format)
        try values.encode(Self.version, forKey: .version)
        try values.encodeIfPresent(image, forKey: .image)
        try values.encodeIfPresent(options, forKey: .options)
        try values.encode(objects, forKey: .objects)
    }
}
