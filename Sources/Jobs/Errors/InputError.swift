/// Why there is no image where images were named.
public enum InputError: Error, Hashable, Sendable {
    /// No file matches a pattern.
    case noMatch(pattern: String)
    /// There is no file of this name.
    case missing(file: String)
    /// A folder cannot be listed.
    case unreadableFolder(folder: String)
    /// A folder holds no file with one of these endings.
    case noImages(folder: String, endings: [String], leftOut: [LeftOutFile] = [])
    /// A pattern matches nothing but results of earlier runs.
    case onlyResults(pattern: String, leftOut: [LeftOutFile])
}

extension InputError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .noMatch(let pattern):
            "\(pattern): no file matches"
        case .missing(let file):
            "\(file): there is no such file"
        case .unreadableFolder(let folder):
            "\(folder): the folder cannot be read; check its permissions"
        case .noImages(let folder, let endings, let leftOut):
            "\(folder): the folder holds no image (\(endings.joined(separator: ", ")))"
                + leftOut.text
        case .onlyResults(let pattern, let leftOut):
            "\(pattern): no image matches\(leftOut.text)"
        }
    }
}

extension [LeftOutFile] {
    /// What an error says of them.
    fileprivate var text: String {
        isEmpty ? "" : "; left out: " + summary.map(\.text).joined(separator: "; ")
    }
}
