import Files

/// The extents that tifffile writes into the description of the first page of a series, as JSON.
struct ShapedMetadata: Hashable {
    let shape: [Int]

    /// The name of each dimension; nil if the description has none.
    let axes: String?

    /// Whether the page is followed by the pixels of all planes.
    let isTruncated: Bool

    /// The name of the series; empty if it has none.
    let name: String

    /// Reads a description; nil if tifffile did not write it.
    init?(_ text: String?) {
        guard let text, text.hasPrefix("{"), text.contains("\"shape\""),
            let value = try? JSONValue(parsing: Array(text.utf8)), let object = value.object,
            let sides = object["shape"]?.integers, !sides.isEmpty,
            sides.allSatisfy({ (1...1 << 31).contains($0) })
        else { return nil }
        shape = sides
        axes = object["axes"]?.string.flatMap { $0.count == sides.count ? $0 : nil }
        isTruncated = object["truncated"]?.bool ?? false
        name = object["name"]?.string ?? ""
    }

    /// Creates extents that the user has named.
    init(shape: [Int], axes: String, isTruncated: Bool = false, name: String = "") {
        self.shape = shape
        self.axes = axes
        self.isTruncated = isTruncated
        self.name = name
    }
}
