import Prompting

extension ObjectPlace {
    /// The place by the names of an image's axes, and what of it is of no use, because the image has one
    /// plane along that axis.
    ///
    /// - Returns: Nil if the image has no such plane, or it cannot be decided which axis is meant.
    func named(on axes: ImageAxes) -> (named: ObjectPlace, unused: ObjectPlace)? {
        var (result, unused) = (ObjectPlace(z: z, t: t, channel: channel), ObjectPlace())
        if let stack {
            let count = axes.c * axes.z * axes.t
            if count == 1 {
                unused.stack = stack
            } else {
                guard stack < count else { return nil }
                (result.channel, result.z) = (stack % axes.c, stack / axes.c % axes.z)
                result.t = stack / axes.c / axes.z
            }
        }
        if var places = self.axes {
            guard let named = Self.named(&places, on: axes) else { return nil }
            (result.z, result.t) = (named.z ?? result.z, named.t ?? result.t)
            result.channel = named.channel ?? result.channel
            if !places.isEmpty { unused.axes = places }
        }
        func use(_ key: WritableKeyPath<ObjectPlace, Int?>, _ count: Int) -> Bool {
            guard count == 1 else { return result[keyPath: key].map { $0 < count } ?? true }
            // A place that only counts the axis itself tells nothing.
            if stack == nil { unused[keyPath: key] = result[keyPath: key] }
            result[keyPath: key] = nil
            return true
        }
        guard use(\.z, axes.z), use(\.t, axes.t), use(\.channel, axes.c) else { return nil }
        return (result, unused)
    }

    /// Axes without names are those of the image that have several planes: time before depth; a channel
    /// where there is no other.
    ///
    /// - Parameter places: What is left are places on axes of one plane, which come first.
    private static func named(_ places: inout [Int], on axes: ImageAxes) -> ObjectPlace? {
        let open = [axes.t, axes.z].count { $0 > 1 }
        let hasChannels = axes.c > 1
        var result = ObjectPlace()
        if places.count == open || (places.count > open && !hasChannels) {
            var used = places.suffix(open)
            places.removeLast(open)
            if axes.t > 1 { result.t = used.popFirst() }
            if axes.z > 1 { result.z = used.popFirst() }
            return result
        }
        guard hasChannels, open == 0 else { return nil }
        result.channel = places.popLast()
        return result
    }
}
