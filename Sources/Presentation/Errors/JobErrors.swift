import Foundation
public import Jobs
public import ModelZoo
import Prompting
public import Segmentation

extension OutputPlanError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .otherFormat(let output, let named, let wanted):
            "The output '\(output)' is named as \(named.rawValue), but --format asks for "
                + "\(wanted.map(\.rawValue).joined(separator: ","))."
        case .noVolume(let kind):
            "--format \(kind.rawValue) is for the objects of a volume; add --volume."
        case .existing, .ofOtherImage: "\(description); --force replaces it"
        default: isMisuse ? sentence : description
        }
    }
}

extension EmbeddingPlanError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .maskWithoutTiles(let image):
            "\(image): --mask chooses tiles, but the image is not divided; give --tile-shape"
        default: isMisuse ? sentence : description
        }
    }
}

extension ModelError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .noDecoder(let model, let architecture, let mode):
            "the model '\(model)' (\(architecture)) has no decoder, which the mode "
                + "\(mode.rawValue) needs; choose a model that has one, such as vit_b_lm "
                + "('usam models list' shows them), give one with --decoder, or use --mode amg"
        }
    }
}

extension ManifestError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .otherSettings, .empty(_, result: .some): "\(description) with --force"
        default: description
        }
    }
}

extension RerunError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .unreadImage(let reason, folder: nil):
            "\(reason); give its present folder with --images"
        default: description
        }
    }
}

extension EmbeddingStoreError: WordedError {
    /// What the command line says.
    public var words: String {
        guard case .incomplete(let path) = self else { return description }
        return
            "\(path): the embeddings are incomplete; run 'usam embed' again with the same arguments "
            + "to continue"
    }
}

extension ModelZooError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .unknownName(_, let suggestions) where suggestions.isEmpty:
            "\(self) 'usam models list' shows the names."
        case .notDownloaded(let name, let file, let url):
            "The model '\(name)' is not on this machine. Get it with 'usam models fetch \(name)', "
                + "or download \(url.absoluteString) elsewhere and store it as \(file). "
                + Self.offlineAdvice
        default: description
        }
    }
}

extension VolumeError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .severalTimePoints(let file, let count):
            "\(file): the image has \(count) time points, and a volume is one of them; choose a time point with "
                + "--t 0...\(count - 1), or segment each plane separately with --each-plane"
        case .noSlices(let file, let count):
            "\(file): the image has no slices, but \(count) time points; if they are slices, name the axes with "
                + "--axes zyx"
        case .severalSlices: "\(description) with --z"
        case .tooFewSlices: "\(description), without --along"
        case .otherSize: description
        }
    }
}

extension TrackResultsError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .existing: "\(description); --force replaces it"
        default: description
        }
    }
}

extension MovieError: WordedError {
    /// What the command line says.
    public var words: String {
        switch self {
        case .slicesAndTimePoints(_, let slices, _): "\(description) with --z 0...\(slices - 1)"
        case .filesOfStacks: "\(description) with --t or --z"
        case .tracksAsLabels(let file):
            "\(description); to keep their links, give them with --tracks \(file), and the label images with --labels"
        case .labelsTwice: "\(description); leave out --labels"
        case .tracksWithoutLabels, .tracksWithoutOutlines:
            "\(description); give the label images of the movie with --labels"
        default: description
        }
    }
}
