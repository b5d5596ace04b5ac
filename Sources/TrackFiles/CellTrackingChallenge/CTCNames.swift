import Files

/// What the files of a Cell Tracking Challenge folder are called.
public enum CTCNames: String, Hashable, Codable, Sendable, CaseIterable {
    /// A result: `res_track.txt`, `mask000.tif`.
    case result
    /// A reference: `man_track.txt`, `man_track000.tif`.
    case reference

    /// The file name of the table.
    public var table: String {
        switch self {
        case .result: "res_track.txt"
        case .reference: "man_track.txt"
        }
    }

    private var prefix: String {
        switch self {
        case .result: "mask"
        case .reference: "man_track"
        }
    }

    /// The file name of the labels of a frame.
    ///
    /// - Parameters:
    ///   - frame: The number of the frame.
    ///   - digits: How many digits it has at least: 3, and 4 in long movies.
    public func labels(frame: Int, digits: Int) -> String {
        let number = "\(frame)"
        let zeros = String(repeating: "0", count: max(digits - number.count, 0))
        return "\(prefix)\(zeros)\(number).tif"
    }

    /// The frame whose labels have this file name; nil for other files.
    public func frame(of name: String) -> Int? {
        let lower = name.lowercased()
        guard lower.hasPrefix(prefix), let dot = lower.lastIndex(of: "."),
            ["tif", "tiff"].contains(lower[lower.index(after: dot)...])
        else { return nil }
        let digits = lower[lower.index(lower.startIndex, offsetBy: prefix.count)..<dot]
        guard (1...9).contains(digits.utf8.count),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(digits)
    }
}
