import Foundation
import Testing

/// What docs/architecture.md says of the targets is what Package.swift says.
@Suite("The house in the documentation")
struct HouseTests {
    @Test("Every library stands in the table, with what it imports")
    func table() throws {
        let root = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        func text(_ path: String) throws -> String {
            try String(contentsOf: root.appending(path: path), encoding: .utf8)
        }
        let imports = try Self.libraries(in: text("Package.swift"))
        let rows = try Self.rows(in: text("docs/architecture.md"))
        #expect(imports.count > 12)
        // The command line imports nearly everything, which the table says in words.
        for (name, known) in imports where name != "UsamCommands" {
            #expect(rows[name] == known, "\(name)")
        }
    }

    /// The names in the first list of every `library("NAME", […])`.
    private static func libraries(in manifest: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        // Of a product of another package, the name counts.
        let manifest = manifest.replacing(/, package: "[^"]*"/, with: "")
        for part in manifest.components(separatedBy: "library(").dropFirst() {
            // Products have a label, and the function itself has no name in quotes.
            guard let name = names(in: part).first, part.trimmed.hasPrefix("\"") else { continue }
            let end = part.firstIndex(of: ")") ?? part.endIndex
            let start = part.firstIndex(of: "[").flatMap { $0 < end ? $0 : nil }
            let list = start.flatMap { start in
                part[start...].firstIndex(of: "]").map { String(part[start..<$0]) }
            }
            found[name] = Set(list.map(names) ?? []).subtracting(["Shim"])
        }
        return found
    }

    private static func names(in text: String) -> [String] {
        text.matches(of: /"([A-Za-z]+)"/).map { String($0.output.1) }
    }

    /// The first two columns of the table.
    private static func rows(in page: String) -> [String: Set<String>] {
        var found: [String: Set<String>] = [:]
        for match in page.matches(of: /(?m)^\| `([A-Za-z]+)` \|([^|]*)\|/) {
            let names = match.output.2.split(separator: ",").map { String($0).trimmed }
            found[String(match.output.1)] = Set(names.filter { !$0.isEmpty })
        }
        return found
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
