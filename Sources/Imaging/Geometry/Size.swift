/// Width and height of a two-dimensional pixel grid.
///
/// Arrays on such a grid are stored row by row: the pixel at column `x` and row `y` has the index
/// `y * width + x`.
public struct Size: Hashable, Codable, Sendable {
    /// Number of columns.
    public var width: Int

    /// Number of rows.
    public var height: Int

    /// Creates a size of `width` columns and `height` rows.
    public init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    /// Number of pixels.
    public var count: Int { width * height }

    /// The longer of the two sides.
    public var longestSide: Int { max(width, height) }

    /// The grid index of the pixel at column `x` and row `y`.
    public func index(x: Int, y: Int) -> Int { y * width + x }
}

extension Size: CustomStringConvertible {
    /// The size as `width x height`, for messages.
    public var description: String { "\(width) x \(height)" }
}
