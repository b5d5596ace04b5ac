import Synchronization

/// A few planes that stand for a stack or a movie, and how wide their objects are.
///
/// What is decided by the width of objects is then decided once for all planes, so that neighbours are treated alike.
public final class StackSample: Sendable {
    /// The planes, spread over the stack.
    public let planes: [any PixelSource]

    private let known = Mutex<[String: ObjectWidths?]>([:])

    /// Number of planes that are looked at.
    private static let planeCount = 3

    /// Takes planes that stand for their stack.
    public init(_ planes: [any PixelSource]) { self.planes = planes }

    /// The numbers of the planes that stand for a stack: in the middle of each third.
    public static func places(in count: Int) -> [Int] {
        let parts = min(planeCount, count)
        return (0..<parts).map { (2 * $0 + 1) * count / (2 * parts) }
    }

    /// How wide objects typically are; nil if no plane has any.
    ///
    /// - Parameters:
    ///   - observer: What sees them, such as a model; each sees for itself, once.
    ///   - look: Gives the widths in one plane.
    /// - Returns: The widths of the plane with the median diameter; of two, the one with the smaller.
    /// - Throws: What the look throws.
    public func widths(
        of observer: String,
        _ look: (any PixelSource) throws -> ObjectWidths?
    ) throws -> ObjectWidths? {
        if let known = known.withLock({ $0[observer] }) { return known }
        let found = try planes.compactMap(look).sorted { $0.diameter < $1.diameter }
        let widths = found.isEmpty ? nil : found[(found.count - 1) / 2]
        known.withLock { $0[observer] = .some(widths) }
        return widths
    }
}
