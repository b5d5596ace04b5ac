public import Imaging
import Prompting

/// Why a plane of an image file cannot be used.
public enum PlaneError: Error, Hashable, Sendable {
    /// An axis of which one place can be chosen.
    public enum Axis: String, Hashable, Sendable, CaseIterable {
        /// Channels, or the colours of an RGB image.
        case channel
        /// Slices in depth.
        case slice
        /// Time points.
        case timePoint
    }

    /// An axis and its length.
    public struct Extent: Hashable, Sendable {
        /// The axis.
        public let axis: Axis
        /// The number of its places, which count from 0.
        public let count: Int

        /// Describes an axis.
        public init(axis: Axis, count: Int) {
            self.axis = axis
            self.count = count
        }
    }

    /// The chosen place lies outside of an axis.
    case noSuchPlace(file: String, Extent, chosen: Int)

    /// Nobody said which of several places is meant.
    case undecided(file: String, extents: [Extent], open: [Extent], channelNames: [String])

    /// No channel, or more than one, has this name.
    case channelName(
        file: String,
        name: String,
        isAmbiguous: Bool,
        known: [String],
        channelCount: Int
    )

    /// More channels were chosen than the model sees.
    case tooManyChannels(file: String, count: Int)

    /// Several channels were chosen of an image whose pixels have colours.
    case coloursAlready(file: String)

    /// Embeddings of a stack lie along one axis, and both are open.
    case twoOpenAxes(file: String, slices: Int, timePoints: Int)

    /// The plane is far longer than wide.
    case tooElongated(file: String, Size)

    /// The file claims a very large plane and stores nothing of it.
    case nothingStored(file: String, Size)

    /// All pixels have the same value.
    case constant(file: String)

    /// The pixels cannot be stretched to 8 bits.
    case unusablePixels(file: String, ImagingError)
}

extension PlaneError: CustomStringConvertible {
    /// What is wrong, where, and what would help.
    public var description: String {
        switch self {
        case .noSuchPlace(let file, let extent, let chosen):
            "\(file): there is no \(extent.axis.noun) \(chosen); \(extent.extentText)"
        case .undecided(let file, let extents, let open, let names):
            "\(file): the image has \(Self.counts(extents, names)); choose a "
                + open.map(\.axis.noun).joined(separator: " and a ")
        case .channelName(let file, let name, let isAmbiguous, let known, let count):
            "\(file): there \(isAmbiguous ? "are several channels" : "is no channel") '\(name)'; "
                + (known.isEmpty
                    ? "its channels have no names; choose one of 0 to \(count - 1)"
                    : "its channels are \(known.joined(separator: ", "))")
        case .tooManyChannels(let file, let count):
            "\(file): \(count) channels were selected, but the model sees at most three, as red, green "
                + "and blue"
        case .coloursAlready(let file):
            "\(file): its pixels have colours already, so only one channel can be selected"
        case .twoOpenAxes(let file, let slices, let timePoints):
            "\(file): the image has \(slices) slices and \(timePoints) time points, and embeddings "
                + "are stored along one axis; choose a slice or a time point"
        case .tooElongated(let file, let size):
            "\(file): an image of \(size) pixels is too elongated: the model sees it with "
                + "\(ModelFrame.side) pixels on the longer side, which leaves fewer than 16 on the "
                + "other; cut it into pieces"
        case .nothingStored(let file, let size):
            "\(file): nothing is stored of the plane of \(size) pixels, so there is nothing to segment; check "
                + "whether the file was copied completely"
        case .constant(let file):
            "\(file): all pixels have the same value, so there is nothing to segment; check the "
                + "exposure, or whether another channel or slice is meant"
        case .unusablePixels(let file, let error): "\(file): \(error)"
        }
    }

    /// `3 channels (DAPI, GFP, RFP) and 5 slices`.
    public static func counts(_ extents: [Extent], _ channelNames: [String]) -> String {
        let names = channelNames.isEmpty ? "" : " (\(channelNames.joined(separator: ", ")))"
        let counts = extents.map { extent in
            "\(extent.count) \(extent.axis.plural)" + (extent.axis == .channel ? names : "")
        }
        guard counts.count > 1, let last = counts.last else { return counts.first ?? "" }
        return counts.dropLast().joined(separator: ", ") + " and \(last)"
    }
}

extension PlaneError.Axis {
    /// One place of the axis.
    public var noun: String { self == .timePoint ? "time point" : rawValue }

    /// Several places.
    public var plural: String { noun + "s" }
}

extension PlaneError.Extent {
    /// How long the axis is.
    public var extentText: String {
        count == 1
            ? "the image has only one" : "the image has \(count) \(axis.plural), counted from 0"
    }
}
