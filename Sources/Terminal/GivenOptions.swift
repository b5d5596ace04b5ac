import Foundation

/// The options of a command, against which those that were given are checked.
///
/// The parser takes the last of several values and leaves out the others without a word, and its guess at
/// the meaning of an unknown option is often far off.
public struct GivenOptions: Sendable {
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

    /// All names, those of flags included.
    private let names: Set<String>

    /// The place in `options` of each name.
    private let places: [String: Int]

    /// Knows a command by the description that the parser gives of it.
    ///
    /// - Parameter description: What `--experimental-dump-help` prints, JSON. A description of another form is one of
    ///   no options.
    public init(description: String) {
        let help = try? JSONDecoder().decode(Help.self, from: Data(description.utf8))
        let all = help?.command.arguments ?? []
        names = Set(all.flatMap { ($0.names ?? []).map(\.written) })
        options = all.filter { $0.kind == "option" }
        places = Dictionary(
            options.enumerated().flatMap { (place, option) in
                (option.names ?? []).map { ($0.written, place) }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// What is wrong with the options that were given; nil if nothing is.
    ///
    /// - Parameter arguments: Those of the command, without its name.
    public func defect(of arguments: [String]) -> String? {
        unknown(in: arguments) ?? repetition(in: arguments)
    }

    /// What is wrong with an option that the command does not have.
    ///
    /// Those of the parser itself, such as the ones for completions, are left to it.
    private func unknown(in arguments: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let given = arguments.prefix { $0 != "--" }.filter { $0.hasPrefix("--") }
            .map { String($0.dropFirst(2).prefix { $0 != "=" }) }
        let known = Set(names.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
            .union(["help", "help-hidden", "version", "generate-completion-script"])
        let unknown = given.first { !known.contains($0) && !$0.hasPrefix("experimental-") }
        guard let unknown else { return nil }
        // A name of one letter is near to nothing that somebody meant.
        let near = unknown.nearest(among: known.filter { $0.count > 2 }.sorted())
        return "There is no option --\(unknown)." + (near.map { " Did you mean --\($0)?" } ?? "")
    }

    /// What is wrong with options that were given several values.
    ///
    /// The same value given twice is no defect.
    private func repetition(in arguments: [String]) -> String? {
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
