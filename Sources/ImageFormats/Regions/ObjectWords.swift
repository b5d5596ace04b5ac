import Imaging

/// What people say of an object.
public struct ObjectWords: Hashable, Sendable {
    /// What kind of object it is.
    public var category: String?

    /// What it is called.
    public var name: String?

    /// Takes words.
    public init(category: String? = nil, name: String? = nil) {
        (self.category, self.name) = (category, name)
    }
}

extension RegionFile {
    /// What the file says of its objects, by the labels that ``labels(_:t:z:)`` gives them.
    ///
    /// The number of an object is no name, and `object` is no kind: results without words have these.
    var words: [UInt32: ObjectWords] {
        var words: [UInt32: ObjectWords] = [:]
        for (index, object) in objects.enumerated() where object.hasArea {
            let label = object.number ?? UInt32(index + 1)
            let own = ObjectWords(
                category: object.category == LabelImage.plainCategory ? nil : object.category,
                name: object.name == "\(label)" ? nil : object.name
            )
            if own != ObjectWords() { words[label] = own }
        }
        return words
    }
}
