/// An instance segmentation: one label per pixel, 0 is background, every object has its own label.
public struct LabelImage: Hashable, Sendable {
    /// Width and height in pixels.
    public let size: Size

    /// Labels in row-major order, `[height, width]`; the count never changes.
    public var labels: [UInt32]

    /// Wraps labels that are already in row-major order.
    ///
    /// - Throws: ``ImagingError/sampleCountMismatch(_:expected:found:)`` if the count does not fit.
    public init(size: Size, labels: [UInt32]) throws(ImagingError) {
        guard size.width > 0, size.height > 0, size.fitsMemory() else {
            throw .invalidSize("label image", size)
        }
        guard labels.count == size.count else {
            throw .sampleCountMismatch(
                "label image of \(size) pixels",
                expected: size.count,
                found: labels.count
            )
        }
        self.size = size
        self.labels = labels
    }

    /// A label image that is background everywhere.
    ///
    /// Both sides must be positive.
    public init(size: Size) {
        precondition(size.width > 0 && size.height > 0, "empty label image")
        self.size = size
        labels = [UInt32](repeating: 0, count: size.count)
    }

    /// For results whose label count is right by construction.
    package init(unchecked size: Size, labels: [UInt32]) {
        assert(labels.count == size.count)
        self.size = size
        self.labels = labels
    }

    /// The label at column `x` and row `y`.
    public subscript(x x: Int, y y: Int) -> UInt32 {
        get { labels[y * size.width + x] }
        set { labels[y * size.width + x] = newValue }
    }
}
