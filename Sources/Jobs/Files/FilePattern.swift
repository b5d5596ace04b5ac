#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A path with the wildcards `*`, `?` and `[…]`, as a shell expands it.
public struct FilePattern {
    /// The path as it was written.
    public let text: String

    /// Nil for a text without wildcards.
    public init?(_ text: String) {
        guard text.contains(where: { "*?[".contains($0) }) else { return nil }
        self.text = text
    }

    /// The paths that match, in natural order.
    ///
    /// `~` is the home folder.
    public func matches() -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(text, GLOB_NOSORT | GLOB_TILDE, nil, &result) == 0, let paths = result.gl_pathv
        else { return [] }
        // Safe because glob filled gl_pathc entries, and each is a string that lives until globfree.
        return (0..<Int(result.gl_pathc))
            .compactMap { index in paths[index].map { String(cString: $0) } }
            .sorted { $0.naturallyPrecedes($1) }
    }
}
