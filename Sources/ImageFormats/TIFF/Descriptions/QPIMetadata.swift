/// What the description of a page says in a QPTIFF of PerkinElmer or Akoya: each channel is a page of its own.
struct QPIMetadata {
    /// The name of the channel.
    let channel: String

    private static let root = "PerkinElmer-QPI-ImageDescription"

    /// Whether a file whose first page says this is one.
    static func isPart(_ text: String?) -> Bool { text?.contains("<" + root) == true }

    /// Reads a description; nil if it is another, or names no channel.
    init?(_ text: String?) {
        guard let text, Self.isPart(text) else { return nil }
        var scanner = MarkupScanner(text)
        var path: [String] = []
        var name = ""
        while let event = scanner.next() {
            switch event {
            case .start(let element, _):
                path.append(element)
                // Others have names, too, such as the profile of the scan.
                if path == [Self.root, "Name"] { name = scanner.unescapedText() }
            case .end: path.removeLast()
            }
        }
        guard !name.isEmpty else { return nil }
        channel = name
    }
}
