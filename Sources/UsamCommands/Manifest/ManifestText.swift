import Files
package import Foundation
import Prompting

/// What a manifest says: one JSON object a line, the header first.
package struct ManifestText: Sendable {
    /// How results are made.
    package let header: ManifestHeader

    /// What became of each image, oldest first; of an image with several, the last line counts.
    package let items: [ManifestItem]

    /// The bytes of the lines that are complete.
    package let validByteCount: Int

    /// Reads a manifest; a last line without end, as a run that was killed may leave, is ignored.
    ///
    /// - Throws: ``CommandFailure`` that names the file and the line.
    package init(_ data: Data, file: String) throws {
        guard let end = data.lastIndex(of: 0x0A) else {
            throw CommandFailure("\(file): this is no manifest of usam: it has no complete line")
        }
        validByteCount = data.distance(from: data.startIndex, to: end) + 1
        let lines = data[...end].split(separator: 0x0A)
        header = try Self.decode(ManifestHeader.self, lines.first ?? Data(), file, line: 1)
        guard header.record == "header", header.format == 1 else {
            throw CommandFailure(
                "\(file): this manifest has the format \(header.format), usam "
                    + "\(ProgramVersion.text) reads format 1"
            )
        }
        var items: [ManifestItem] = []
        for (index, line) in lines.enumerated().dropFirst() {
            struct Kind: Decodable { let record: String }
            guard try Self.decode(Kind.self, line, file, line: index + 1).record == "item" else {
                continue
            }
            items.append(try Self.decode(ManifestItem.self, line, file, line: index + 1))
        }
        self.items = items
    }

    /// Reads a manifest.
    package init(contentsOf file: String) throws {
        do {
            try self.init(Data(contentsOf: URL(filePath: file)), file: file)
        } catch let error as CommandFailure {
            throw error
        } catch {
            throw CommandFailure("\(file): the manifest can not be read; is the path right?")
        }
    }

    /// The last line of each image, by its first result; images without result by their path.
    package var latest: [String: ManifestItem] {
        var latest: [String: ManifestItem] = [:]
        for item in items { latest[item.outputs.first?.path ?? item.input] = item }
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
            throw CommandFailure(
                "\(file): line \(number) is no line of a manifest of usam; choose another file"
            )
        }
    }
}

/// What two runs do differently, as `settings.tiling: automatic, now never`.
package func differences(
    _ old: some Encodable,
    _ new: some Encodable
) throws -> [String] {
    let (old, new) = (try flattened(old), try flattened(new))
    return Set(old.keys).union(new.keys).sorted().compactMap { key in
        let (before, after) = (old[key] ?? "none", new[key] ?? "none")
        return before == after ? nil : "\(key): \(before), now \(after)"
    }
}

/// The values of nested objects by their paths.
private func flattened(_ value: some Encodable) throws -> [String: String] {
    let data = Data(try JSONText.encodeLine(value).utf8)
    let json = try JSONSerialization.jsonObject(with: data)
    var result: [String: String] = [:]
    func add(_ json: Any, _ path: String) {
        switch json {
        case let object as [String: Any]:
            for (key, value) in object { add(value, path.isEmpty ? key : "\(path).\(key)") }
        case let list as [Any]:
            result[path] = list.map { "\($0)" }.joined(separator: ",")
        default:
            result[path] = "\(json)"
        }
    }
    add(json, "")
    return result
}
