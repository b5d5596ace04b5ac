/// Names of options that users know from other programs, in the words of a command.
///
/// What means the same is accepted; the rest is answered.
public struct ForeignOptions: Sendable {
    /// What becomes of an option.
    public enum Answer: Sendable {
        /// It is the same as this one.
        case ours(String)
        /// It names an input, which needs no option.
        case input
        /// What is done in its place, half a sentence.
        case advice(String)
    }

    private let answers: [String: Answer]
    private let pairs: Set<String>

    /// Knows the options of a command.
    ///
    /// - Parameters:
    ///   - answers: By the names of other programs, with `-` between words.
    ///   - pairs: Options of the command whose value is two numbers, written with a comma between them.
    public init(_ answers: [String: Answer], pairs: Set<String> = []) {
        (self.answers, self.pairs) = (answers, pairs)
    }

    /// Why an option has no counterpart, and what to do.
    public struct Advice: Error, CustomStringConvertible {
        /// One sentence.
        public let description: String
    }

    /// The arguments in the words of the command.
    ///
    /// Options may be written with `_` for `-`, and sizes of two numbers as two arguments. A value that begins
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
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            guard argument != "--" else { return result + [argument] + rest }
            guard argument.hasPrefix("-"), Double(argument) == nil else {
                result.append(argument)
                continue
            }
            let parts = argument.split(separator: "=", maxSplits: 1)
            let name = String(parts[0]).replacing("_", with: "-")
            let value = parts.count > 1 ? "=\(parts[1])" : ""
            switch answers[name] {
            case .ours(let ours): result.append(ours + value)
            case .input:
                if !value.isEmpty { result.append(String(value.dropFirst())) }
            case .advice(let advice): throw Advice(description: "\(argument): \(advice).")
            case nil:
                result.append(argument.hasPrefix("--") ? name + value : argument)
                guard pairs.contains(name), value.isEmpty else { continue }
                let numbers = rest.prefix { Int($0) != nil }
                guard numbers.count >= 2 else { continue }
                result.append(numbers.prefix(2).joined(separator: ","))
                rest = rest.dropFirst(2)
            }
        }
        return result
    }
}

extension String {
    /// Whether the text begins as `-5` and `-.5` do, and not as an option.
    fileprivate var beginsWithNegativeNumber: Bool {
        let digits = hasPrefix("-.") ? dropFirst(2) : dropFirst()
        return hasPrefix("-") && digits.first?.isASCII == true && digits.first?.isNumber == true
    }
}
