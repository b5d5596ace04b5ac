public import Imaging

/// A point as people write it: `y,x` or `y,x,label`; in a volume also `z,y,x` or `z,y,x,label`.
///
/// Three numbers can be both, so that the command decides.
public struct WrittenPoint: Hashable, Sendable {
    /// As a point of an image; nil if it has a slice.
    public let planar: Prompt?

    /// As a point of a volume.
    public let prompt: Prompt

    /// The slice of the point of a volume; nil if it has none.
    public let slice: Int?

    /// Reads the text; nil if it is not of this form.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        planar = Self.point(parts)
        let slice = parts.count > 2 ? sliceNumber(parts[0]) : nil
        if let slice, let prompt = Self.point(parts.dropFirst()) {
            (self.prompt, self.slice) = (prompt, slice)
        } else if let planar {
            (prompt, self.slice) = (planar, nil)
        } else {
            return nil
        }
    }

    /// Reads `y,x` or `y,x,label`.
    private static func point(_ parts: some Collection<Substring>) -> Prompt? {
        let parts = Array(parts)
        guard (2...3).contains(parts.count), let y = number(parts[0]), let x = number(parts[1])
        else { return nil }
        guard let label = parts.count == 3 ? PromptLabel(written: parts[2]) : .positive else {
            return nil
        }
        return .point(Point(x: x, y: y), label)
    }
}

/// A box as people write it: `y0,x0,y1,x1`; in a volume also `z,y0,x0,y1,x1`.
public struct WrittenBox: Hashable, Sendable {
    /// The slice; nil if the text has none.
    public let slice: Int?

    /// The box.
    public let box: Box<OriginalPixels>

    /// Reads the text; nil if it is not of this form.
    public init?(_ text: String) {
        var parts = text.split(separator: ",", omittingEmptySubsequences: false)[...]
        if parts.count == 5 {
            guard let slice = parts.popFirst().flatMap(sliceNumber) else { return nil }
            self.slice = slice
        } else {
            slice = nil
        }
        let numbers = parts.compactMap(number)
        guard numbers.count == 4, parts.count == 4 else { return nil }
        box = Box(minX: numbers[1], minY: numbers[0], maxX: numbers[3], maxY: numbers[2])
    }
}

/// An outline or a line as people write it: positions `y,x` with white space between them; in a volume also `z,y,x` of one slice.
public struct WrittenOutline: Hashable, Sendable {
    /// The slice; nil if the text has none.
    public let slice: Int?

    /// The corners.
    public let points: [Point<OriginalPixels>]

    /// Reads the text; nil if it is not of this form.
    public init?(_ text: String) {
        let texts = text.split(whereSeparator: \.isWhitespace).map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        guard let first = texts.first, texts.allSatisfy({ $0.count == first.count }) else {
            return nil
        }
        if first.count == 3 {
            let slices = Set(texts.map { sliceNumber($0[0]) })
            guard slices.count == 1, let slice = slices.first ?? nil else { return nil }
            self.slice = slice
        } else {
            slice = nil
        }
        points = texts.compactMap { text in
            let numbers = text.suffix(2).compactMap(number)
            guard numbers.count == 2, (2...3).contains(text.count) else { return nil }
            return Point(x: numbers[1], y: numbers[0])
        }
        guard points.count == texts.count else { return nil }
    }
}

extension PromptLabel {
    fileprivate init?(written text: Substring) {
        switch text.lowercased() {
        case "1", "+", "positive": self = .positive
        case "0", "-", "negative": self = .negative
        default: return nil
        }
    }
}

private func sliceNumber(_ text: Substring) -> Int? {
    Int(text).flatMap { (0...1 << 24).contains($0) ? $0 : nil }
}

private func number(_ text: Substring) -> Double? {
    Double(text).flatMap { abs($0) <= Prompt.coordinateLimit ? $0 : nil }
}
