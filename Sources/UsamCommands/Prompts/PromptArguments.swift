public import ArgumentParser
import Imaging
public import Prompting

/// `y,x` or `y,x,label`.
struct PointArgument: ExpressibleByArgument, Hashable {
    let prompt: Prompt

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let y = number(parts[0]), let x = number(parts[1])
        else { return nil }
        guard let label = parts.count == 3 ? PromptLabel(argument: parts[2]) : .positive else {
            return nil
        }
        prompt = .point(Point(x: x, y: y), label)
    }
}

/// `y0,x0,y1,x1`.
struct BoxArgument: ExpressibleByArgument, Hashable {
    let box: Box<OriginalPixels>

    init?(argument: String) {
        let numbers = argument.split(separator: ",", omittingEmptySubsequences: false)
            .compactMap(number)
        guard numbers.count == 4, argument.filter({ $0 == "," }).count == 3 else { return nil }
        box = Box(minX: numbers[1], minY: numbers[0], maxX: numbers[3], maxY: numbers[2])
    }
}

/// Positions `y,x` with white space between them.
struct OutlineArgument: ExpressibleByArgument, Hashable {
    let points: [Point<OriginalPixels>]

    init?(argument: String) {
        let texts = argument.split(whereSeparator: \.isWhitespace)
        points = texts.compactMap { text in
            let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
            guard numbers.count == 2, let y = number(numbers[0]), let x = number(numbers[1]) else {
                return nil
            }
            return Point(x: x, y: y)
        }
        guard !texts.isEmpty, points.count == texts.count else { return nil }
    }
}

extension PromptLabel {
    fileprivate init?(argument: Substring) {
        switch argument.lowercased() {
        case "1", "+", "positive": self = .positive
        case "0", "-", "negative": self = .negative
        default: return nil
        }
    }
}

private func number(_ text: Substring) -> Double? {
    Double(text).flatMap { abs($0) <= Prompt.coordinateLimit ? $0 : nil }
}

extension PromptOptions.MaskChoice: ExpressibleByArgument {}
extension PromptOptions.Overlap: ExpressibleByArgument {}
extension PromptOptions.MaskPoints: ExpressibleByArgument {}
extension PromptReadingOptions.OutlineUse: ExpressibleByArgument {
    /// Reads the name, in American spelling, too.
    public init?(argument: String) {
        self.init(rawValue: argument == "center" ? "centre" : argument)
    }
}

extension LengthUnit: ExpressibleByArgument {
    /// Reads the name, or what programs write for it.
    public init?(argument: String) { self.init(named: argument) }
}
