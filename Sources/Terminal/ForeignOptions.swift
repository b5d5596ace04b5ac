/// Names of options that users know from other programs, in the words of a command.
///
/// What means the same is accepted; the rest is answered.
public struct ForeignOptions: Sendable {
    /// What becomes of an option.
    public enum Answer: Hashable, Sendable {
        /// It is the same as this one.
        case ours(String)
        /// It is the same as this one, and decides where another name of it says less.
        case deciding(String)
        /// It names an input, which needs no option.
        case input
        /// What is done in its place, half a sentence.
        case advice(String)
    }

    private let answers: [String: Answer]
    private let lists: [String: Int]

    /// Knows the options of a command.
    ///
    /// - Parameters:
    ///   - answers: By the names of other programs, with `-` between words.
    ///   - lists: Options of the command whose value is numbers with commas between them, and how many at most.
    public init(_ answers: [String: Answer], lists: [String: Int] = [:]) {
        (self.answers, self.lists) = (answers, lists)
    }

    /// Why an option has no counterpart, and what to do.
    public struct Advice: Error, CustomStringConvertible {
        /// One sentence.
        public let description: String
    }

    /// The arguments in the words of the command.
    ///
    /// Options may be written with `_` for `-`, and lists of numbers as several arguments. A value that begins
    /// with a negative number, which a parser takes for an option, is joined to its option.
    ///
    /// - Throws: ``Advice`` for an option that has no counterpart.
    public func translated(_ arguments: [String]) throws(Advice) -> [String] {
        var result: [String] = []
        var rest = try renamed(arguments)[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return result + [argument] + rest }
            let isName = argument.hasPrefix("--") && !argument.contains("=")
            if isName, let value = rest.first, value.beginsWithNegativeNumber {
                result.append("\(argument)=\(value)")
                rest.removeFirst()
            } else {
                result.append(argument)
            }
        }
        return result
    }

    private func renamed(_ arguments: [String]) throws(Advice) -> [String] {
        let decided = decided(by: arguments)
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return result + [argument] + rest }
            guard let (name, value) = option(argument) else {
                result.append(argument)
                continue
            }
            switch answers[name] {
            case .ours(let ours) where decided.contains(ours):
                if value.isEmpty { _ = rest.popFirst() }
            case .ours(let ours), .deciding(let ours):
                result.append(ours + value)
                if value.isEmpty { result += list(of: ours, from: &rest) }
            case .input:
                if !value.isEmpty { result.append(String(value.dropFirst())) }
            case .advice(let advice): throw Advice(description: "\(argument): \(advice).")
            case nil:
                result.append(argument.hasPrefix("--") ? name + value : argument)
                if value.isEmpty { result += list(of: name, from: &rest) }
            }
        }
        return result
    }

    /// The name of an option with `-` between words, and its value behind `=`; nil for what is no option.
    private func option(_ argument: String) -> (name: String, value: String)? {
        guard argument.hasPrefix("-"), Double(argument) == nil else { return nil }
        let parts = argument.split(separator: "=", maxSplits: 1)
        let name = String(parts[0]).replacing("_", with: "-")
        return (name, parts.count > 1 ? "=\(parts[1])" : "")
    }

    /// Our options that another name decides.
    private func decided(by arguments: [String]) -> Set<String> {
        let names = arguments.prefix { $0 != "--" }.compactMap { option($0)?.name }
        return Set(
            names.compactMap {
                if case .deciding(let ours) = answers[$0] { ours } else { nil }
            }
        )
    }

    /// The value of a list that was written as several arguments, with commas; nothing if it was not.
    private func list(of name: String, from rest: inout ArraySlice<String>) -> [String] {
        guard let most = lists[name] else { return [] }
        let numbers = rest.prefix(most).prefix { Double($0) != nil }
        guard numbers.count >= 2 else { return [] }
        rest = rest.dropFirst(numbers.count)
        return [numbers.joined(separator: ",")]
    }
}

extension String {
    /// Whether the text begins as `-5` and `-.5` do, and not as an option.
    fileprivate var beginsWithNegativeNumber: Bool {
        let digits = hasPrefix("-.") ? dropFirst(2) : dropFirst()
        return hasPrefix("-") && digits.first?.isASCII == true && digits.first?.isNumber == true
    }
}
