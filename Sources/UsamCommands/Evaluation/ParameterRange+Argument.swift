import ArgumentParser
package import Evaluation

extension ParameterRange {
    /// Reads `name=1,2,3` or `name=start:end:step`.
    ///
    /// - Throws: `ValidationError` that shows the forms.
    package init(argument text: String) throws {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let problem = ValidationError(
            "'\(text)' gives no values; --try takes name=1,2,3 or name=start:end:step."
        )
        guard parts.count == 2, !parts[1].isEmpty else { throw problem }
        if parts[1].contains(":") {
            let numbers = parts[1].split(separator: ":").compactMap { Double($0) }
            guard numbers.count == 3, numbers.allSatisfy(\.isFinite), numbers[2] > 0,
                numbers[1] >= numbers[0], (numbers[1] - numbers[0]) / numbers[2] < 10_000
            else { throw problem }
            self.init(
                name: parts[0],
                from: numbers[0],
                to: numbers[1],
                by: numbers[2]
            )
            return
        }
        let flags: [String: ParameterValue] = ["true": .flag(true), "false": .flag(false)]
        let values = parts[1].split(separator: ",", omittingEmptySubsequences: false)
            .map { value in
                flags[String(value)]
                    ?? Double(value).flatMap { $0.isFinite ? .number($0) : nil }
            }
        guard values.allSatisfy({ $0 != nil }) else { throw problem }
        self.init(name: parts[0], values: values.compactMap { $0 })
    }
}
