public import Files

/// Where the files of a container lie: in folders of the file system, or in memory.
///
/// Groups and arrays name their files by path and know nothing else of the place, so the same code writes
/// the same bytes everywhere. Several threads may use a store at once.
public protocol ZarrStore: Sendable {
    /// The bytes of a file, or of a part of it; nil if there is no such file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - range: Which bytes; nil for all.
    ///   - limit: The most bytes that are taken into memory.
    /// - Throws: ``ZarrError`` if the file cannot be read, is shorter than the range, or there are
    ///   more bytes than the limit.
    func read(_ path: String, range: Range<Int>?, limit: Int) throws(ZarrError) -> [UInt8]?

    /// The size of a file in bytes; nil if there is none.
    func size(of path: String) -> Int?

    /// Replaces a file, and makes its folder if there is none: a reader sees the old file or the whole
    /// new one.
    ///
    /// - Throws: ``ZarrError`` of kind `cannotWrite`.
    func replace(
        _ path: String,
        with bytes: [UInt8],
        _ durability: Durability
    ) throws(ZarrError)

    /// The names of the files and folders in a folder, in any order.
    ///
    /// - Throws: ``ZarrError`` if there is no such folder, or it cannot be listed.
    func names(in folder: String) throws(ZarrError) -> [String]
}

extension ZarrStore {
    /// The JSON value of a file; nil if there is no such file.
    func readJSON(_ path: String) throws(ZarrError) -> JSONValue? {
        guard let bytes = try read(path, range: nil, limit: 64 << 20) else { return nil }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw .damaged(path, error.description)
        }
    }

    /// Writes metadata so that it survives a loss of power.
    func writeJSON(_ value: JSONValue, to path: String) throws(ZarrError) {
        try replace(path, with: Array((value.text + "\n").utf8), .durable)
    }
}
