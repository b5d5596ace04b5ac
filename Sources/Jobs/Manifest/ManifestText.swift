import Files
public import Foundation
import Prompting

/// What a manifest says: one JSON object a line, the header first.
public struct ManifestText: Sendable {
    /// How results are made; what was wanted later counts, too.
    public let header: ManifestHeader

    /// What became of each image, oldest first; of an image with several, the last line counts.
    public let items: [ManifestItem]

    /// The versions of the program that made the results.
    public let programs: Set<String>

    /// The bytes of the lines that are complete.
    public let validByteCount: Int

    /// Reads a manifest; a last line without end, as a run that was killed may leave, is ignored.
    ///
    /// - Throws: ``ManifestError`` that names the file and the line.
    public init(_ data: Data, file: String) throws {
        if data.isEmpty { throw ManifestError.empty(file: file) }
        guard let end = data.lastIndex(of: 0x0A) else {
            throw ManifestError.noLine(file: file)
        }
        validByteCount = data.distance(from: data.startIndex, to: end) + 1
        let lines = data[...end].split(separator: 0x0A)
        var header = try Self.decode(ManifestHeader.self, lines.first ?? Data(), file, line: 1)
        guard header.record == "header", header.format == 1 else {
            throw ManifestError.unknownFormat(file: file, format: header.format)
        }
        var items: [ManifestItem] = []
        var programs: Set = [header.program]
        for (index, line) in lines.enumerated().dropFirst() {
            struct Kind: Decodable {
                let record: String
                let results: [ResultKind]?
                let program: String?
            }
            let kind = try Self.decode(Kind.self, line, file, line: index + 1)
            if let results = kind.results { header.settings.results = results }
            if let program = kind.program { programs.insert(program) }
            guard kind.record == "item" else { continue }
            items.append(try Self.decode(ManifestItem.self, line, file, line: index + 1))
        }
        self.header = header
        self.items = items
        self.programs = programs
    }

    /// Reads a manifest.
    ///
    /// - Throws: ``ManifestError``.
    public init(contentsOf file: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw ManifestError.unreadable(file: file)
        }
        try self.init(data, file: file)
    }

    /// The last line of each image, by each of its results; images without result by their path.
    public var latest: [String: ManifestItem] {
        var latest: [String: ManifestItem] = [:]
        for item in items {
            for output in item.outputs { latest[output.path] = item }
            if item.outputs.isEmpty { latest[item.input] = item }
        }
        return latest
    }

    private static func decode<Value: Decodable>(
        _ type: Value.Type,
        _ line: Data,
        _ file: String,
        line number: Int
    ) throws -> Value {
        do {
            return try JSONText.decode(type, from: line)
        } catch {
            throw ManifestError.foreignLine(file: file, line: number)
        }
    }
}
