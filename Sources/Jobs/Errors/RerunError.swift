/// Why a run, or one of its images, cannot be repeated.
public enum RerunError: Error, Hashable, Sendable {
    /// The file of the decoder is gone.
    case missingDecoder(file: String)
    /// The weights of this name are others now.
    case otherModel(name: String, hash: String, before: String)
    /// The decoder is another one now.
    case otherDecoder(file: String, hash: String?, before: String?)
    /// An image is another one now.
    case changedImage(file: String, hash: String, before: String)
    /// An image cannot be read.
    ///
    /// `folder` is where it was looked for in place of the folder of the first run.
    case unreadImage(reason: String, folder: String?)
    /// The run had no images.
    case noImages(manifest: String)
}

extension RerunError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .missingDecoder(let file):
            "\(file): the decoder of the run no longer exists"
        case .otherModel(let name, let hash, let before):
            "the model '\(name)' is not that of the run: its hash is \(hash), was \(before); restore "
                + "the old file to repeat the run"
        case .otherDecoder(let file, let hash, let before):
            "\(file): the decoder is not that of the run: its hash is \(hash ?? "none"), was "
                + (before ?? "none")
        case .changedImage(let file, let hash, let before):
            "\(file): the image has changed: its hash is \(hash), was \(before)"
        case .unreadImage(let reason, _):
            reason
        case .noImages(let manifest):
            "\(manifest): the run had no images"
        }
    }
}
