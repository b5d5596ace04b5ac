import Foundation

/// Numbers and lists as people read them.
public enum Wording {
    /// `0.42 s`, `12.3 s`, `3 min 5 s`, `2 h 10 min`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 3.6e6 else { return "a very long time" }
        let whole = Int(max(seconds, 0).rounded())
        if seconds < 1 { return String(format: "%.2f s", max(seconds, 0)) }
        if whole < 60 {
            return String(format: seconds == seconds.rounded() ? "%.0f s" : "%.1f s", seconds)
        }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `1 image`, `3 images`.
    public static func count(_ number: Int, _ noun: String, plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    /// `512 bytes`, `1.5 kB`, `40.6 MB`, in powers of 1000.
    public static func byteCount(_ bytes: Int) -> String {
        guard bytes >= 1000 else { return count(bytes, "byte") }
        var value = Double(bytes)
        for unit in ["kB", "MB", "GB"] {
            value /= 1000
            if value < 999.5 {
                return String(format: value < 10 ? "%.1f %@" : "%.0f %@", value, unit)
            }
        }
        return String(format: "%.1f TB", value / 1000)
    }

    /// `2.5 images/s`, or the time for each where that is longer than a second.
    public static func rate(_ count: Int, in seconds: Double, _ noun: String) -> String {
        guard count > 0, seconds > 0 else { return "" }
        let perSecond = Double(count) / seconds
        return perSecond >= 1
            ? String(format: "%.1f %@s/s", perSecond, noun)
            : duration(1 / perSecond) + " per \(noun)"
    }

    /// Words joined as in a sentence: `a`, `a and b`, `a, b and c`.
    public static func list(_ words: [String], _ conjunction: String = "and") -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}

extension Duration {
    /// The duration as a number of seconds.
    public var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
