/// What a gesture has changed, by the rows of the file.
struct EditOutcome {
    /// Labels of a tile, nil for background alone.
    struct TileChange {
        let address: TileAddress
        let before: Int64?
        let after: Int64?
    }

    /// Versions of an object, nil for none.
    struct ObjectChange {
        let label: UInt32
        let before: Int64?
        let after: Int64?
    }

    var tiles: [TileChange] = []
    /// With those whose pixels moved while all that is said of them stayed.
    var objects: [ObjectChange] = []
    var status: ImageStatus
    var nextLabel: UInt32
}

extension Editor {
    /// Writes the changed tiles and objects, and makes them the present ones.
    func finish() throws -> EditOutcome {
        var outcome = EditOutcome(status: status, nextLabel: nextLabel)
        var partsAfter: [TileAddress: [TilePart]] = [:]
        var places: [UInt32: Set<TileAddress>] = [:]
        for tile in touchedTiles {
            let labels = tile.changedLabels.subtracting([0])
            guard !labels.isEmpty else { continue }
            let parts = [TilePart](of: tile.labels)
            let after = try store.insert(tile.labels, parts)
            partsAfter[tile.address] = parts
            for label in labels { places[label, default: []].insert(tile.address) }
            try store.setTile(tile.address, of: image.id, after)
            outcome.tiles.append(.init(address: tile.address, before: tile.blob, after: after))
        }
        var records: [UInt32: ObjectRecord] = [:]
        for label in Set(places.keys).union(saidLabels) {
            records[label] = try record(of: label, places[label] ?? [], partsAfter)
        }
        try forgetMothers(in: &records)
        for (label, record) in records.sorted(by: { $0.key < $1.key }) {
            if let change = try put(record, hasMoved: places[label] != nil) {
                outcome.objects.append(change)
            }
        }
        return outcome
    }

    /// Adds up the tiles of an object; what is left of one that is gone has no area.
    private func record(
        of label: UInt32,
        _ places: Set<TileAddress>,
        _ partsAfter: [TileAddress: [TilePart]]
    ) throws -> ObjectRecord {
        let before = try before(label)
        guard var record = try object(label) else {
            throw store.damaged("the pixels of object \(label) belong to no object")
        }
        if places.isEmpty, let before {
            record.extent = before.record.extent
            return record
        }
        record.extent = ObjectExtent()
        let former = try before?.record.extent.addresses(of: image, store) ?? []
        for address in places.union(former) {
            let parts = try partsAfter[address] ?? partsBefore(address)
            if let part = parts.part(of: label) { record.extent.add(part, at: address) }
        }
        return record
    }

    /// Stores the new version of an object.
    private func put(_ record: ObjectRecord, hasMoved: Bool) throws -> EditOutcome.ObjectChange? {
        let label = record.label
        let before = try before(label)
        if record.extent.area == 0 {
            guard let before else { return nil }
            try store.setPresent(label, of: image.id, nil)
            return .init(label: label, before: before.id, after: nil)
        }
        if record == before?.record {
            guard hasMoved, let before else { return nil }
            return .init(label: label, before: before.id, after: before.id)
        }
        let id = try store.insert(record, image: image.id)
        try store.setPresent(label, of: image.id, id)
        return .init(label: label, before: before?.id, after: id)
    }
}
