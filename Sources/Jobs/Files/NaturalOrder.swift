extension String {
    /// Whether this name comes before another in the order that people expect: `t2` before `t10`.
    ///
    /// Runs of digits are compared by their value, everything else by its characters without regard
    /// to case. Names that are equal by these rules are ordered by their bytes, so that the order
    /// is total.
    public func naturallyPrecedes(_ other: String) -> Bool {
        var left = NameParts(self)
        var right = NameParts(other)
        while let a = left.next() {
            guard let b = right.next() else { return false }
            if a != b { return a < b }
        }
        if right.next() != nil { return true }
        return self < other
    }
}

/// A name cut into numbers and the characters between them.
private struct NameParts: Sequence, IteratorProtocol {
    enum Part: Comparable {
        /// Digits without leading zeros; longer is larger.
        case number(length: Int, digits: String)
        case text(String)
    }

    private var rest: Substring

    init(_ name: String) { rest = Substring(name) }

    mutating func next() -> Part? {
        guard let first = rest.first else { return nil }
        guard first.isDecimalDigit else {
            rest.removeFirst()
            return .text(first.lowercased())
        }
        let digits = rest.prefix { $0.isDecimalDigit }
        rest = rest.dropFirst(digits.count)
        let value = digits.drop { $0 == "0" }
        return .number(length: value.count, digits: String(value))
    }
}

extension Character {
    fileprivate var isDecimalDigit: Bool { ("0"..."9").contains(self) }
}
