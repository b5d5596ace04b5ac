import GRDB

/// A track names its mother by her label, so what becomes of the mother concerns her daughters, though no pixel of theirs changes.
extension Editor {
    /// Gives the daughters of objects the labels that these have from now on.
    ///
    /// - Parameters:
    ///   - names: The new labels by the old ones.
    ///   - known: Objects of which it is known what they come from.
    func renameMothers(_ names: [UInt32: UInt32], except known: Set<UInt32> = []) throws {
        guard image.shape.t > 1, !names.isEmpty else { return }
        for (label, mother) in try store.mothers(of: image.id) where !known.contains(label) {
            guard let name = names[mother], name != label, var record = try object(label),
                record.parent == mother
            else { continue }
            record.parent = name
            say(record)
        }
    }

    /// What an object comes from that is made of several; nil for nothing.
    ///
    /// Of their mothers, in their order, it is the first that ends before the object begins, or else the first that begins before it:
    /// she may have been painted too far. None of them comes from another one of them.
    func mother(ofMerged labels: [UInt32]) throws -> UInt32? {
        let records = try labels.map { try named($0) }
        let start = records.map(\.extent.t.lowerBound).min() ?? 0
        let mothers = try records.compactMap(\.parent).filter { !labels.contains($0) }
            .compactMap { try object($0) }
            .filter { $0.extent.t.lowerBound < start }
        return (mothers.first { $0.extent.t.upperBound <= start } ?? mothers.first)?.label
    }

    /// Takes the mother from objects whose mother is gone, in whatever way, and from those that name the label of a new object by chance.
    ///
    /// - Parameter records: All objects that change, without area where they are gone.
    func forgetMothers(in records: inout [UInt32: ObjectRecord]) throws {
        guard image.shape.t > 1 else { return }
        let gone = Set(records.values.filter { $0.extent.area == 0 }.map(\.label))
        let new = try Set(records.keys.filter { try before($0) == nil })
        guard !gone.isEmpty || !new.isEmpty else { return }
        let said = Set(saidLabels)
        for (label, mother) in try store.mothers(of: image.id)
        where gone.contains(mother) || new.contains(mother) {
            if records[label] == nil { records[label] = try before(label)?.record }
            // Files of earlier versions may name objects that were gone long before their label is used again.
            if new.contains(mother), !said.contains(label) { records[label]?.parent = nil }
        }
        for (label, record) in records {
            guard let mother = record.parent, mother == label || gone.contains(mother) else {
                continue
            }
            records[label]?.parent = nil
        }
    }
}

extension Store {
    /// The labels of the mothers of objects, as they are noted, by those of the objects.
    func mothers(of image: Int64) throws -> [UInt32: UInt32] {
        let sql = """
            SELECT object.label, object.parent FROM object JOIN present ON present.object = object.id
            WHERE present.image = ? AND object.parent IS NOT NULL
            """
        var result: [UInt32: UInt32] = [:]
        for row in try rows(sql, [image]) { result[try row.value(0)] = try row.value(1) }
        return result
    }
}
