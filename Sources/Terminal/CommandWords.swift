/// The names of a program's commands, by which mistyped ones are recognised.
public struct CommandWords: Sendable {
    /// A command with those below it.
    public indirect enum Command: Sendable {
        /// The name, the commands below, and whether it is left out of lists.
        case named(String, [Command], isHidden: Bool = false)
    }

    private let program: String
    private let commands: [Command]

    /// Knows a program.
    public init(_ program: String, _ commands: [Command]) {
        (self.program, self.commands) = (program, commands)
    }

    /// What is wrong with the names of commands in some arguments; nil if nothing is.
    ///
    /// - Parameter arguments: Without the name of the program.
    public func defect(of arguments: [String]) -> String? {
        let words = arguments.first == "help" ? Array(arguments.dropFirst()) : arguments
        return defect(of: words[...], among: commands, after: program)
    }

    private func defect(
        of words: ArraySlice<String>,
        among commands: [Command],
        after path: String
    ) -> String? {
        guard let word = words.first, !word.hasPrefix("-"), !commands.isEmpty else { return nil }
        for case .named(let name, let below, _) in commands where name == word {
            return defect(of: words.dropFirst(), among: below, after: "\(path) \(name)")
        }
        let names = commands.compactMap { command -> String? in
            switch command {
            case .named(let name, _, let isHidden): isHidden ? nil : name
            }
        }
        let near = word.nearest(among: names)
        return "There is no command '\(path) \(word)'. "
            + (near.map { "Did you mean '\(path) \($0)'?" }
                ?? "There are: \(names.joined(separator: ", ")).")
    }
}

extension String {
    /// The name that this one was probably meant to be; nil if none is near.
    ///
    /// A name is near if few letters have to be changed, added, left out or exchanged with their neighbour,
    /// or if it begins with all of this one.
    public func nearest(among names: [String]) -> String? {
        let distances = names.map { ($0, distance(to: $0)) }
        // Of two that are as near, the one of the same length has all letters, and two are exchanged.
        let best = distances.min {
            ($0.1, abs($0.0.count - count)) < ($1.1, abs($1.0.count - count))
        }
        if let best, best.1 <= Swift.max(1, Swift.min(count, best.0.count) / 3) { return best.0 }
        let longer = names.filter { $0.hasPrefix(self) }
        return count >= 2 && longer.count == 1 ? longer.first : nil
    }

    /// How many letters have to be changed, added, left out or exchanged.
    private func distance(to other: String) -> Int {
        let (left, right) = (Array(self), Array(other))
        var rows = [Array(0...right.count)]
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                let change = rows[i][j] + (left[i] == right[j] ? 0 : 1)
                var best = Swift.min(change, rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = Swift.min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
