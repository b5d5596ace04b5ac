/// The plane of a stack that an object lies in; nil along an axis where it lies in all planes.
///
/// All numbers count from 0.
public struct ObjectPlace: Hashable, Codable, Sendable {
    /// Slice in depth.
    public var z: Int?

    /// Time point.
    public var t: Int?

    /// Channel.
    public var channel: Int?

    /// Places along axes that have no names in the file, slowest first, such as the first of three axes in
    /// a table of napari.
    public var axes: [Int]?

    /// The place in the stack of all planes: channels fastest, then slices, then time points, as ImageJ
    /// counts.
    public var stack: Int?

    /// Creates a place; by default all planes.
    public init(
        z: Int? = nil,
        t: Int? = nil,
        channel: Int? = nil,
        axes: [Int]? = nil,
        stack: Int? = nil
    ) {
        (self.z, self.t, self.channel) = (z, t, channel)
        (self.axes, self.stack) = (axes, stack)
    }

    /// Whether the object lies in all planes.
    public var isEmpty: Bool { self == ObjectPlace() }

    /// What cannot be a place, `nil` if nothing is wrong.
    public var defect: String? {
        for place in [z, t, channel, stack].compactMap(\.self) + (axes ?? [])
        where !(0...1 << 24).contains(place) {
            return "the plane \(place), but planes count from 0"
        }
        return (axes ?? []).count > 8 ? "a place on \((axes ?? []).count) axes" : nil
    }
}

extension ObjectPlace: CustomStringConvertible {
    /// `slice 3, channel 1`, counted from 0.
    public var description: String {
        let parts = [
            z.map { "slice \($0)" }, t.map { "time point \($0)" }, channel.map { "channel \($0)" },
            stack.map { "plane \($0)" },
            axes.map { "plane " + $0.map(String.init).joined(separator: ", ") },
        ]
        let text = parts.compactMap(\.self).joined(separator: ", ")
        return text.isEmpty ? "all planes" : text
    }
}
