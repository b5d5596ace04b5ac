import Imaging

extension Editor {
    /// Makes objects; of several, earlier ones keep what they have got.
    ///
    /// - Returns: The labels of those that got pixels.
    func add(
        _ objects: [NewObject],
        replacing replaced: UInt32? = nil,
        _ rule: OverlapRule
    ) throws -> [UInt32] {
        let pixels = try objects.map { try self.pixels($0.mask) }
        if let replaced {
            _ = try named(replaced)
            for tile in try tiles(of: replaced)
            where tile.address.t == t && tile.address.z == z {
                _ = tile.write(0, 0..<TileCodec.count) { $0 == replaced }
            }
        }
        let kept = rule == .keepObjects ? try protected(objects, pixels) : KeptObjects()
        var created: Set<UInt32> = []
        var result: [UInt32] = []
        // The labels that objects of this gesture have by those that they wish.
        var labels: [UInt32: UInt32] = [:]
        for (index, object) in objects.enumerated() where !kept.dropped.contains(index) {
            let known = object.label.flatMap { labels[$0] }
            let label = try replaced ?? known ?? newLabel(object.label)
            if let wish = object.label { labels[wish] = label }
            try turn(t: object.t, z: object.z)
            let count = try write(label, pixels[index]) { other in
                if other == 0 { return true }
                if rule == .keep || created.contains(other) || kept.labels.contains(other) {
                    return false
                }
                return try !isLocked(other)
            }
            guard count > 0, created.insert(label).inserted else { continue }
            result.append(label)
            say(try record(object, label: label, replaced: replaced))
        }
        try descend(objects, labels)
        try turn()
        if result.isEmpty { reset() }
        return result
    }

    /// Notes what the objects of a gesture descend from.
    private func descend(_ objects: [NewObject], _ labels: [UInt32: UInt32]) throws {
        for object in objects {
            guard let label = object.label.flatMap({ labels[$0] }),
                let parent = object.parent.flatMap({ labels[$0] }), label != parent,
                try self.object(parent) != nil, var record = try self.object(label)
            else { continue }
            record.parent = parent
            say(record)
        }
    }

    /// The pixels of a mask, which must lie in the image.
    func pixels(_ mask: BoxMask) throws(ProjectError) -> PixelSet {
        guard mask.box.isInside(image.size) else {
            throw .badGesture("a mask reaches outside the image of \(image.size) pixels")
        }
        return mask.pixels
    }

    /// What is said of an object that a gesture makes.
    func record(_ object: NewObject, label: UInt32, replaced: UInt32?) throws
        -> ObjectRecord
    {
        let old = try replaced.flatMap { try self.object($0) }
        var record = ObjectRecord(label: label, source: object.source)
        record.category = try checked(object.category) ?? old?.category
        record.name = try checked(object.name) ?? old?.name
        record.score = object.score
        record.stability = object.stability
        record.threshold = object.threshold
        record.model = object.model
        record.modelHash = object.modelHash
        record.isLocked = old?.isLocked ?? false
        record.isAccepted = object.source != .imported
        record.parent = old?.parent
        if !object.prompts.isEmpty || object.options != nil {
            let stored = StoredPrompts(prompts: object.prompts, options: object.options)
            record.prompt = try store.insert(stored)
        }
        return record
    }

    /// A text of a sensible length.
    func checked(_ text: String?) throws(ProjectError) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard text.utf8.count <= 1000 else {
            throw .badGesture("a name or class has at most 1000 characters")
        }
        return text
    }

    /// Objects that stay whole, and new ones that are left out for them.
    struct KeptObjects {
        var labels: Set<UInt32> = []
        var dropped: Set<Int> = []
    }

    /// Each object against the new one that covers most of it, of equals the first.
    func protected(_ objects: [NewObject], _ pixels: [PixelSet]) throws -> KeptObjects {
        var best: [UInt32: (index: Int, count: Int)] = [:]
        for (index, pixels) in pixels.enumerated() {
            try turn(t: objects[index].t, z: objects[index].z)
            for (label, count) in try overlaps(pixels) where count > best[label]?.count ?? 0 {
                best[label] = (index, count)
            }
        }
        var result = KeptObjects()
        for (label, partner) in best {
            let area = try before(label)?.record.extent.area ?? 0
            guard Double(partner.count) >= OverlapRule.sameShare * Double(area) else { continue }
            result.labels.insert(label)
            result.dropped.insert(partner.index)
        }
        return result
    }
}
