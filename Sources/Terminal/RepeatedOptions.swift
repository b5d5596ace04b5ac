import Foundation

/// The options of a command that take one value.
///
/// The parser takes the last value given and leaves out the others without a word.
public struct RepeatedOptions: Sendable {
    private struct Help: Decodable {
        let command: Command

        struct Command: Decodable {
            let arguments: [Argument]?
        }

        struct Argument: Decodable {
            let kind: String
            let isRepeating: Bool
            let names: [Name]?
            let abstract: String?
        }

        struct Name: Decodable {
            let kind: String
            let name: String

            /// As it is written in a command line.
            var written: String { kind == "long" ? "--\(name)" : "-\(name)" }
        }
    }

    private let options: [Help.Argument]

    /// The place in `options` of each name.
    private let places: [String: Int]

    /// Knows a command by the description that the parser gives of it.
    ///
    /// - Parameter description: What `--experimental-dump-help` prints, JSON. A description of another form is one of
    ///   no options.
    public init(description: String) {
        let help = try? JSONDecoder().decode(Help.self, from: Data(description.utf8))
        options = (help?.command.arguments ?? []).filter { $0.kind == "option" }
        places = Dictionary(
            options.enumerated().flatMap { (place, option) in
                (option.names ?? []).map { ($0.written, place) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What is wrong with options that were given several values; nil if nothing is.
    ///
    /// The same value given twice is no defect.
    ///
    /// - Parameter arguments: Those of the command, without its name.
    public func defect(of arguments: [String]) -> String? {
        var values: [Int: [String]] = [:]
        var words = arguments.prefix { $0 != "--" }
        while let word = words.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let place = places[String(parts[0])] else { continue }
            guard let value = parts.count == 2 ? String(parts[1]) : words.popFirst() else { break }
            guard !options[place].isRepeating else { continue }
            let others = values[place, default: []]
            if !others.isEmpty, !others.contains(value) {
                return defect(parts[0], of: options[place], values: others + [value])
            }
            values[place] = [value]
        }
        return nil
    }

    private func defect(
        _ name: Substring,
        of option: Help.Argument,
        values: [String]
    ) -> String {
        let given = values.map { "'\($0)'" }.joined(separator: " and ")
        let takesList = option.abstract?.contains("separated by comma") ?? false
        let remedy =
            takesList
            ? "Separate values by commas: \(name) \(values.joined(separator: ",").quotedForShell)."
            : "Give it once."
        return "\(name) was given twice, as \(given). \(remedy)"
    }
}
