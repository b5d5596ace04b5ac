import Files
import Foundation
import Prompting

/// What commands without a manifest of their own have written into a folder.
///
/// By it, results are told from images when the folder is an input.
public struct ResultRecord: Codable, Hashable, Sendable {
    /// Hidden, as it is of no use to people, and no result has such a name.
    static let fileName = ".usam-results.\(RunManifest.fileName)"
    private static let kind = "results"

    private var record = Self.kind
    private var format = 1
    private var program = ProgramVersion.text

    /// Names of the results, in the order in which they were written.
    private(set) var results: [String] = []

    /// The record of a folder without results.
    private init() {}

    /// Reads one; nil for what is none.
    init?(at path: String) {
        guard FileName.last(of: path) == Self.fileName,
            let data = try? Data(contentsOf: URL(filePath: path)),
            let record = try? JSONText.decode(ResultRecord.self, from: data),
            record.record == Self.kind
        else { return nil }
        self = record
    }

    /// Notes results in the folders that they lie in.
    ///
    /// - Throws: An error of a file.
    public static func note(_ files: [String]) throws {
        let files = files.map { FileName.trimmed($0) }
        for (folder, files) in Dictionary(grouping: files, by: { FileName.folder(of: $0) }) {
            let path = FileName.join(folder, fileName)
            var record = ResultRecord(at: path) ?? ResultRecord()
            let new = files.map { FileName.last(of: $0) }.filter { !record.results.contains($0) }
            guard !new.isEmpty else { continue }
            record.results += new
            record.program = ProgramVersion.text
            try FileReplacement.write(try JSONText.encodeLine(record) + "\n", to: path)
        }
    }
}
