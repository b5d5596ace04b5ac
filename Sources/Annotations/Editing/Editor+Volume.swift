import Files
import Imaging

extension Editor {
    /// Makes one object of masks on several planes, or gives one that is there new pixels on these planes.
    ///
    /// Of several masks with prompts, those of the first are kept with the object.
    func commitVolume(
        _ parts: [NewObject],
        replacing replaced: UInt32?,
        _ rule: OverlapRule
    ) throws -> String {
        guard let first = parts.first(where: { !$0.prompts.isEmpty }) ?? parts.first else {
            throw ProjectError.badGesture("an object of a volume needs a mask")
        }
        let pixels = try parts.map { try self.pixels($0.mask) }
        if let replaced { try clear(replaced, on: parts) }
        let kept = rule == .keepObjects ? try protected(parts, pixels) : KeptObjects()
        let label = try replaced ?? newLabel(first.label)
        var planes: Set<[Int]> = []
        for (index, part) in parts.enumerated() where !kept.dropped.contains(index) {
            try turn(t: part.t, z: part.z)
            let count = try write(label, pixels[index]) { other in
                if other == 0 { return true }
                if rule == .keep || other == label || kept.labels.contains(other) { return false }
                return try !isLocked(other)
            }
            if count > 0 { planes.insert([t, z]) }
        }
        try turn()
        guard !planes.isEmpty else {
            reset()
            return ""
        }
        say(try record(first, label: label, replaced: replaced))
        let words = replaced == nil ? "" : " again"
        return "Commit object \(label)\(words) on \(Wording.count(planes.count, "plane"))"
    }

    /// Takes the pixels of an object away on the planes of masks.
    private func clear(_ label: UInt32, on parts: [NewObject]) throws {
        _ = try named(label)
        var planes: Set<[Int]> = []
        for part in parts {
            try turn(t: part.t, z: part.z)
            planes.insert([t, z])
        }
        try turn()
        for tile in try tiles(of: label)
        where planes.contains([tile.address.t, tile.address.z]) {
            _ = tile.write(0, 0..<TileCodec.count) { $0 == label }
        }
    }
}
