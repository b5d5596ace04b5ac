public import Imaging

/// A channel, by number or by name.
public enum ChannelChoice: Hashable, Sendable {
    /// Counted from 0.
    case number(Int)
    /// As the file names it; letters of either case are alike.
    case name(String)

    /// A whole number is a number, anything else a name; nil for an empty text.
    public init?(_ text: String) {
        guard !text.isEmpty else { return nil }
        self = Int(text).map { .number($0) } ?? .name(text)
    }
}

extension ChannelChoice: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// Chooses a channel by its number.
    public init(integerLiteral number: Int) { self = .number(number) }

    /// Chooses a channel by its name.
    public init(stringLiteral name: String) { self = .name(name) }
}

extension ChannelChoice: TextCodable {
    /// As the user writes it.
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .name(let name): name
        }
    }

    /// What is wrong with an empty text.
    public static func problem(of text: String) -> String { "an empty channel name" }
}

/// Which plane of an image with several axes is meant; nil where the user did not say.
public struct PlaneSelection: Hashable, Codable, Sendable {
    /// Channels; of several, the first is seen as red, then green, then blue.
    public var channels: [ChannelChoice] = []

    /// Slice, from 0.
    public var z: Int?

    /// Time point, from 0.
    public var t: Int?

    /// Which of several images in the file, from 0.
    public var series: Int?

    /// The data set inside a container such as HDF5.
    public var key: String?

    /// What the dimensions of an array are that does not say it, such as `tyx`.
    public var axes: String?

    /// Where the frames of a movie lie whose file does not say that it is one.
    public var frames: MovieFrames?

    /// The size of a pixel, for files that do not say it or say it wrongly.
    public var pixelSize: PixelSize?

    /// Whether a text names dimensions: each once, with a letter of `tczyxs`.
    public static func areAxes(_ text: String) -> Bool {
        !text.isEmpty && text.allSatisfy { "tczyxs".contains($0) } && Set(text).count == text.count
    }

    /// Creates a selection; by default nothing is selected.
    public init(
        channel: ChannelChoice? = nil,
        z: Int? = nil,
        t: Int? = nil,
        series: Int? = nil,
        key: String? = nil
    ) {
        channels = channel.map { [$0] } ?? []
        self.z = z
        self.t = t
        self.series = series
        self.key = key
    }
}
