extension ParameterRange {
    /// Reads `name=1,2,3`, `name=true,false` or `name=start:end:step`; nil if the text is none of them.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        if parts[1].contains(":") {
            let numbers = parts[1].split(separator: ":").compactMap { Double($0) }
            guard numbers.count == 3, numbers.allSatisfy(\.isFinite), numbers[2] > 0,
                numbers[1] >= numbers[0], (numbers[1] - numbers[0]) / numbers[2] < 10_000
            else { return nil }
            self.init(name: parts[0], from: numbers[0], to: numbers[1], by: numbers[2])
            return
        }
        let flags: [String: ParameterValue] = ["true": .flag(true), "false": .flag(false)]
        let words = parts[1].split(separator: ",", omittingEmptySubsequences: false)
        let values = words.compactMap { word in
            flags[String(word)] ?? Double(word).flatMap { $0.isFinite ? .number($0) : nil }
        }
        guard values.count == words.count else { return nil }
        self.init(name: parts[0], values: values)
    }
}
