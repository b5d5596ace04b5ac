import Files
public import Foundation

/// What can go wrong between the name of a model and its file.
public enum ModelZooError: Error, Hashable, Sendable {
    /// Neither a known name nor a file.
    case unknownName(String, suggestions: [String])
    /// A known model that is not on this machine.
    case notDownloaded(name: String, file: String, url: URL)
    /// The model that ships with the program is not where it should be.
    case embeddedModelMissing(searched: [String])
    /// There is no connection, or it broke too often.
    case networkFailure(url: URL, reason: String, file: String, receivedByteCount: Int)
    /// The server refuses.
    case serverRefused(url: URL, status: Int, file: String)
    /// What came is not what was announced.
    case wrongHash(file: String, expected: String, found: String)
    /// A file cannot be read or written.
    case fileFailure(file: String, reason: String)
}

extension ModelZooError {
    /// A file that cannot be read.
    init(reading error: FileError) {
        self = .fileFailure(file: error.path, reason: "cannot be read: \(error.reason)")
    }

    /// A file that cannot be written.
    init(writing error: FileError) {
        self = .fileFailure(file: error.path, reason: "cannot be written: \(error.reason)")
    }
}

extension FileDigest {
    /// Computes the hash of a file, with the errors of this target.
    init(ofModel url: URL, algorithm: Algorithm) throws(ModelZooError) {
        do throws(FileError) {
            self = try FileDigest(of: url, algorithm: algorithm)
        } catch {
            throw ModelZooError(reading: error)
        }
    }
}

extension ModelZooError: CustomStringConvertible {
    /// One or two sentences for the user: what failed, where, and the way out.
    public var description: String {
        switch self {
        case .unknownName(let name, let suggestions):
            "'\(name)' is neither the name of a model nor an existing file."
                + (suggestions.isEmpty
                    ? "" : " Did you mean \(suggestions.joined(separator: ", "))?")
        case .notDownloaded(let name, let file, let url):
            "The model '\(name)' is not on this machine. Fetch it, or "
                + "download \(url.absoluteString) elsewhere and store it as \(file). "
                + ModelZooError.offlineAdvice
        case .embeddedModelMissing(let searched):
            "The embedded model usam-tiny is missing; it should be at "
                + searched.joined(separator: ", ")
                + ". Keep the folder MicroSAM_ModelZoo.resources beside the program."
        case .networkFailure(let url, let reason, let file, let received):
            "\(url.absoluteString) cannot be downloaded: \(reason). "
                + (received > 0
                    ? "The \(received) bytes received so far are kept; the next attempt continues from there. "
                    : "")
                + "Without a network, download it elsewhere and store it as \(file). "
                + ModelZooError.offlineAdvice
        case .serverRefused(let url, let status, let file):
            "\(url.absoluteString) cannot be downloaded: the server answered with status \(status). If you "
                + "have the file from elsewhere, store it as \(file). "
                + ModelZooError.offlineAdvice
        case .wrongHash(let file, let expected, let found):
            "\(file): the content has the hash \(found), not \(expected), and was not used. "
                + "Download it again; if that does not help, the file on the server has changed."
        case .fileFailure(let file, let reason):
            "\(file): \(reason)."
        }
    }

    /// What works where nothing can be downloaded.
    public static let offlineAdvice = "The model 'usam-tiny' works without any download."
}

extension ModelZooError: LocalizedError {
    /// The same text as ``description``.
    public var errorDescription: String? { description }
}
