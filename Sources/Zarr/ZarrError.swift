/// Why a Zarr or N5 container could not be read or written: where, what was wrong, what to do.
public struct ZarrError: Error, Hashable, Sendable {
    /// The kind of failure, for callers that decide by it.
    public enum Kind: String, Hashable, Sendable {
        /// There is no array or group, or a file may not be read.
        case cannotOpen
        /// Valid, but with a data type, codec or layout that is not read here.
        case unsupported
        /// Metadata or a chunk contradicts itself or cannot be decoded.
        case damaged
        /// A region outside the array, or values that do not fit it.
        case outOfRange
        /// A file could not be written.
        case cannotWrite
        /// The array or group to be created exists already.
        case exists
    }

    /// The kind of failure.
    public let kind: Kind

    /// The file or folder concerned.
    public let path: String

    /// What was wrong, with the values found; begins in lower case, without a final full stop.
    public let problem: String

    /// What the user can do about it; empty where nothing sensible can be said.
    public let advice: String

    /// Creates an error about one file or folder.
    public init(_ kind: Kind, path: String, _ problem: String, advice: String = "") {
        self.kind = kind
        self.path = path
        self.problem = problem
        self.advice = advice
    }

    static func damaged(_ path: String, _ problem: String) -> ZarrError {
        ZarrError(.damaged, path: path, problem, advice: "write or copy the data again")
    }

    /// A codec that is not read here, and the way out.
    static func codec(_ what: String, _ path: String) -> ZarrError {
        .unsupported(
            path,
            "\(what) is not read",
            advice: "copy the array with Python, which compresses with zstd or blosc: "
                + "zarr.save('copy.zarr', zarr.open('FOLDER')[:]); supported are blosc, zstd, gzip, zlib, lz4 and "
                + "bz2, and the filters delta, fixedscaleoffset, quantize, astype, packbits and shuffle"
        )
    }

    static func unsupported(_ path: String, _ problem: String, advice: String = "") -> ZarrError {
        ZarrError(.unsupported, path: path, problem, advice: advice)
    }
}

extension ZarrError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        advice.isEmpty ? "\(path): \(problem)" : "\(path): \(problem); \(advice)"
    }
}
