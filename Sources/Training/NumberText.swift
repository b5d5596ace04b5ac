import Foundation

/// Numbers as people read them.
enum NumberText {
    /// `1 image`, `3 images`.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(number == 1 ? noun : noun + "s")"
    }

    /// `0.42 s`, `12 s`, `3 min 5 s`, `2 h 10 min`.
    static func duration(_ seconds: Double) -> String {
        let whole = Int(max(seconds, 0).rounded())
        if seconds < 1 { return String(format: "%.2f s", max(seconds, 0)) }
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `1.5 kB`, `41 MB`, in powers of 1000.
    static func byteCount(_ bytes: Int) -> String {
        var value = Double(bytes)
        for unit in ["kB", "MB", "GB"] {
            value /= 1000
            if value < 999.5 {
                return String(format: value < 10 ? "%.1f %@" : "%.0f %@", value, unit)
            }
        }
        return String(format: "%.1f TB", value / 1000)
    }

    /// Four significant digits.
    static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}

extension Duration {
    /// The same as a number.
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
