import Files
public import Imaging

/// What a reader noticed about a file that it could read: what is missing, left out or doubtful.
///
/// Every reader of images, labels and prompts says such things by this type, and every command shows
/// them once. In a file it is its ``description``, so that people can read it; what is read back is a
/// ``note(_:)``.
public enum ReadingNote: Hashable, Sendable {
    /// The description promises more planes than the file holds.
    case planesMissing(promised: Int, found: Int)

    /// Planes lie in other files, which are not where they should be.
    case filesMissing([String], planes: Int)

    /// Other files hold fewer pages than so many planes need.
    case filesShort([String], planes: Int)

    /// The file ends, or is damaged, behind so many whole pages.
    case pagesCut(whole: Int, reason: String)

    /// So many pages cannot be decoded, or are damaged.
    case pagesUnusable(Int, reason: String)

    /// So many pages are in no plane that the description names.
    case pagesUnnamed(Int)

    /// The description counts fewer channels than it names, or does not count them; those that it names are taken.
    case channelsNamed(Int, counted: Int?)

    /// The description cannot be used, so that the meaning of the planes is not known.
    case descriptionUnusable(format: String, reason: String)

    /// An axis of the description is none that images have here, and is taken as another, such as slices.
    case axisTaken(String, as: String)

    /// So many planes, which the description gives no names, are taken as the colours of a picture.
    case planesAsColours(Int)

    /// The description is not well-formed, and was read as far as it goes.
    case descriptionDamaged(format: String, reason: String)

    /// The description is not in UTF-8 and was read as Latin-1.
    case descriptionNotUTF8

    /// Other images of the same set lie in other files.
    case imagesElsewhere(Int)

    /// Other files that were given are parts of the same image.
    case sameImage([String])

    /// The file has more than what is used.
    case leftOut(LeftOut)

    /// Nothing is stored of so many of the planes that are meant; their pixels have the fill value.
    case planesAbsent(Int, of: Int)

    /// So many of the smallest levels of a slide are not read, because libraries decode them wrongly.
    case smallLevelsUnused(Int)

    /// A few pixels are far brighter or darker than all others, which lose their contrast because of that.
    case outlyingPixels(IntensityOutlier)

    /// The differences between the pixels are so small beside their values that single precision, in which the
    /// model sees them, loses most of them.
    case contrastLost(IntensityPrecision)

    /// One label is the greatest value of its type and lies where the background is.
    case labelLikeBackground(UInt32)

    /// Anything else, in a sentence.
    case note(String)

    /// What of a file is not used.
    public struct LeftOut: Hashable, Sendable {
        /// Other images in the file.
        public var series = 0
        /// Other channels.
        public var channels = 0
        /// Other slices.
        public var slices = 0
        /// Other time points.
        public var timePoints = 0

        /// Begins with nothing.
        public init() {}

        /// Whether everything is used.
        public var isEmpty: Bool { self == LeftOut() }
    }
}

extension ReadingNote: CustomStringConvertible {
    /// A sentence that begins in lower case, without a final full stop and without the file.
    public var description: String {
        switch self {
        case .planesMissing(let promised, let found):
            "the description promises \(promised) planes, but the file holds \(found); "
                + "the recording or the copy is incomplete"
        case .filesMissing(let names, let planes):
            "\(Wording.count(planes, "plane")) cannot be read, because \(Self.list(names)) "
                + "\(names.count == 1 ? "is" : "are") not beside this file"
        case .filesShort(let names, let planes):
            "\(Wording.count(planes, "plane")) cannot be read, because \(Self.list(names)) "
                + "\(names.count == 1 ? "has" : "have") fewer pages than the description names"
        case .pagesCut(let whole, let reason):
            "\(Wording.count(whole, "page is", plural: "pages are")) read, then \(reason); "
                + "the recording or the copy is incomplete"
        case .pagesUnusable(let count, let reason):
            "\(Wording.count(count, "page")) cannot be used: \(reason)"
        case .pagesUnnamed(let count):
            "the description does not name \(Wording.count(count, "page")) of the file; "
                + "\(count == 1 ? "it is" : "they are") not used"
        case .channelsNamed(let count, let counted):
            "the description names \(Wording.count(count, "channel")), but counts "
                + "\(counted.map { "\($0)" } ?? "none"); those that it names are taken"
        case .descriptionUnusable(let format, let reason):
            "the \(format) description cannot be used: \(reason); pages are taken as slices, "
                + "although they may be channels or time points"
        case .axisTaken(let name, let axis):
            "the axis \(name) is none of time, channel and depth, and is taken as \(axis)"
        case .planesAsColours(let count):
            "\(count) planes without names are taken as the colours of a picture; if they are slices "
                + "or channels, name the axes"
        case .descriptionDamaged(let format, let reason):
            "the \(format) description is damaged (\(reason)) and was read as far as it goes; "
                + "check channels and pixel size"
        case .descriptionNotUTF8:
            "the description is not in UTF-8; its special characters were read as Latin-1"
        case .imagesElsewhere(let count):
            "\(Wording.count(count, "other image")) of the set "
                + "\(count == 1 ? "lies" : "lie") in other files"
        case .sameImage(let names):
            "\(Self.list(names)) \(names.count == 1 ? "is" : "are") also an input, and "
                + "\(names.count == 1 ? "belongs" : "belong") to the same image, which is used once "
                + "for each file; one of them is enough"
        case .smallLevelsUnused(let count):
            "\(Wording.count(count, "resolution level")) narrower than a tile "
                + "\(count == 1 ? "is" : "are") not used, because OpenSlide may decode "
                + "\(count == 1 ? "it" : "them") wrongly"
        case .leftOut(let parts): "not used: \(parts)"
        case .planesAbsent(let count, let all):
            "nothing is stored of \(all == 1 ? "this plane" : Self.share(count, of: all)), so all pixels have "
                + "the fill value; if the file is a copy, it may be incomplete"
        case .contrastLost(let precision):
            "the pixels are about \(Self.number(precision.value)) and differ by at most "
                + "\(Self.number(precision.difference)), which single precision can hardly tell apart; stretch "
                + "the values, for example to 0...65535, and save the image again"
        case .labelLikeBackground(let value):
            "the label \(value), the greatest value of its type, lies around the others like a background and "
                + "counts as an object; if it is a background of -1, replace it by 0 and save the image again"
        case .outlyingPixels(let outlier):
            "the \(outlier.isDark ? "darkest" : "brightest") pixel is \(Self.number(outlier.extreme)), but "
                + "99.9 % are at \(outlier.isDark ? "least" : "most") about "
                + "\(Self.number(outlier.usual)) and so look \(outlier.isDark ? "bright" : "dark") to the "
                + "model; normalise by percentiles instead of the full range"
        case .note(let text): text
        }
    }

    /// `all 3 planes`, or `2 of 3 planes`.
    private static func share(_ count: Int, of all: Int) -> String {
        count == all ? "all \(all) planes" : "\(count) of \(all) planes"
    }

    /// A value of a pixel with few digits.
    private static func number(_ value: Float) -> String {
        abs(value) >= 100 && abs(value) < 1e9 ? "\(Int(value.rounded()))" : "\(value)"
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }

    /// Some of the names, and how many others there are.
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(3).joined(separator: ", ")
        return names.count > 3 ? "\(shown) and \(names.count - 3) others" : shown
    }
}

extension ReadingNote.LeftOut: CustomStringConvertible {
    /// `2 other channels, 4 other slices`.
    public var description: String {
        [
            (series, "image", "images"), (channels, "channel", "channels"),
            (slices, "slice", "slices"), (timePoints, "time point", "time points"),
        ]
        .filter { $0.0 > 0 }
        .map { "\($0.0) other \($0.0 == 1 ? $0.1 : $0.2)" }
        .joined(separator: ", ")
    }
}

extension ReadingNote: Codable {
    /// Reads a sentence.
    public init(from decoder: any Decoder) throws {
        self = .note(try decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the sentence.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a reader noticed, and the file that it is about.
public struct FileNote: Hashable, Sendable {
    /// The file, as the user named it.
    public let file: String

    /// What was noticed.
    public let note: ReadingNote

    /// Says something about a file.
    public init(_ file: String, _ note: ReadingNote) {
        self.file = file
        self.note = note
    }
}

extension FileNote: CustomStringConvertible {
    /// The file and the sentence.
    public var description: String { "\(file): \(note)" }
}
