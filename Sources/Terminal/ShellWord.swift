import Foundation

extension String {
    /// The text as one word of a shell command.
    public var quotedForShell: String {
        let isPlain = allSatisfy { $0.isLetter || $0.isNumber || "/._-+=:,@%".contains($0) }
        guard !isPlain || isEmpty else { return self }
        return "'" + replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
