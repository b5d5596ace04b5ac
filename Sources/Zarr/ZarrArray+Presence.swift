extension ZarrArray {
    /// The file of the first chunk of a region that was never written; nil if all of them are there.
    ///
    /// A missing chunk reads as the fill value. That is right for images with empty parts, and wrong for
    /// values of which none can be missing. Of a chunk in a shard, the file is that of the shard.
    ///
    /// - Throws: ``ZarrError`` if the region is not in the array, or the index of a shard is damaged.
    public func missingChunk(in region: ZarrRegion? = nil) throws(ZarrError) -> String? {
        let region = region ?? wholeRegion
        guard !shape.contains(0) else { return nil }
        _ = try checkedByteCount(region)
        var missing: String?
        try visitChunks(in: region) { index throws(ZarrError) in
            if try !isStored(index, within: region) { missing = path(ofChunk: index) }
            return missing == nil
        }
        return missing
    }

    /// Whether not one chunk (or shard) of a region is stored, so that all its elements are the fill value.
    ///
    /// False of a region with very many chunks, because looking for them takes time, and of one that is not
    /// in the array.
    public func holdsNothing(of region: ZarrRegion) -> Bool {
        guard !shape.contains(0), region.isInside(shape) else { return false }
        var looked = 0
        return visitChunks(in: region) { index in
            looked += 1
            return looked <= ZarrArray.mostLookedFor && !hasChunk(index)
        }
    }

    /// The most chunks that are looked for where none may be there.
    static let mostLookedFor = 1 << 18

    /// Whether a chunk is stored; of a shard, whether those of its chunks are that a region touches.
    private func isStored(
        _ index: [Int],
        within region: ZarrRegion
    ) throws(ZarrError) -> Bool {
        guard metadata.innerChunkShape != nil else { return hasChunk(index) }
        guard let stored = try readShardIndex(path(ofChunk: index)) else { return false }
        var isComplete = true
        try forEachInnerChunk(of: self.region(ofChunk: index)) { number, chunk throws(ZarrError) in
            if stored[number] == nil, chunk.intersection(region) != nil { isComplete = false }
        }
        return isComplete
    }
}
