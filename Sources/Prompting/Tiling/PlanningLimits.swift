import Foundation
public import Imaging

/// From which size on a plane is segmented tile by tile.
public struct PlanningLimits: Hashable, Codable, Sendable {
    /// Planes of so many pixels and more are joined from their tiles.
    ///
    /// The maps of the decoder, their smoothed form and the labels of a plane need about 48 bytes a pixel.
    public var joinedPixels: Int

    /// The limit on machines with enough memory: 8192 x 8192 pixels.
    public static let standard = PlanningLimits(joinedPixels: 1 << 26)

    /// A limit of one's own.
    public init(joinedPixels: Int) { self.joinedPixels = joinedPixels }

    /// The standard limit, or a smaller one if planes of that size would take more than half of the memory.
    ///
    /// - Parameter memory: Bytes of memory of the machine.
    public init(memory: Int) {
        joinedPixels = min(Self.standard.joinedPixels, max(memory / 2 / 48, 1 << 22))
    }

    /// Whether a plane of this size is joined from its tiles.
    ///
    /// - Parameter tiling: Its tiles; a plane without tiles is never joined.
    public func joins(_ size: Size, of tiling: TilingOptions?) -> Bool {
        tiling != nil && size.count >= joinedPixels
    }

    /// The limits on this machine.
    public static var machine: PlanningLimits {
        PlanningLimits(memory: Int(clamping: ProcessInfo.processInfo.physicalMemory))
    }
}
