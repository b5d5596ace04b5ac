public import Imaging

/// The size of a pixel that the user gives by hand, in micrometres.
public struct PixelSize: Hashable, Sendable {
    /// Width of a pixel.
    public let x: Double

    /// Height of a pixel.
    public let y: Double

    /// Distance of two slices; nil where it does not matter.
    public let z: Double?

    /// Creates a size; nil unless all sides are positive and finite.
    public init?(x: Double, y: Double, z: Double? = nil) {
        guard [x, y, z ?? 1].allSatisfy({ $0.isFinite && $0 > 0 }) else { return nil }
        (self.x, self.y, self.z) = (x, y, z)
    }

    /// Reads one number for square pixels, `y,x`, or `z,y,x`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let sides = parts.compactMap { Double($0) }
        guard sides.count == parts.count else { return nil }
        switch sides.count {
        case 1: self.init(x: sides[0], y: sides[0])
        case 2: self.init(x: sides[1], y: sides[0])
        case 3: self.init(x: sides[2], y: sides[1], z: sides[0])
        default: return nil
        }
    }
}

extension PixelSize: TextCodable {
    /// As the user writes it.
    public var description: String {
        let sides = [z, y, x].compactMap { $0 }
        return z == nil && x == y ? "\(x)" : sides.map { "\($0)" }.joined(separator: ",")
    }

    /// What is wrong with a text that is no size.
    public static func problem(of text: String) -> String { "not a pixel size" }
}
