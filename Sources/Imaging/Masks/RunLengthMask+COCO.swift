extension RunLengthMask {
    /// The run lengths as COCO and SAM store them: down the columns, first column first, beginning
    /// with the number of background pixels (which may be 0), then alternating.
    public func cocoCounts() -> [Int] {
        let mask = raster()
        var counts: [Int] = []
        var current = false
        var length = 0
        for x in 0..<size.width {
            for y in 0..<size.height {
                if mask.samples[y * size.width + x] == current {
                    length += 1
                } else {
                    counts.append(length)
                    current.toggle()
                    length = 1
                }
            }
        }
        counts.append(length)
        return counts
    }

    /// The mask with the given run lengths, see ``cocoCounts()``.
    ///
    /// - Throws: ``ImagingError`` if a length is negative or they do not add up to the image.
    public init(cocoCounts counts: [Int], size: Size) throws(ImagingError) {
        try Self.check(counts, size)
        var mask = Raster(repeating: false, size: size)
        var position = 0
        for (index, count) in counts.enumerated() {
            if index % 2 == 1 {
                for pixel in position..<position + count {
                    mask.samples[pixel % size.height * size.width + pixel / size.height] = true
                }
            }
            position += count
        }
        try self.init(mask)
    }

    /// Makes sure that run lengths are those of an image.
    package static func check(_ counts: [Int], _ size: Size) throws(ImagingError) {
        guard size.width > 0, size.height > 0, size.fitsMemory() else {
            throw .invalidSize("mask", size)
        }
        var total = 0
        for count in counts {
            guard count >= 0, count <= size.count - total else {
                throw .invalidParameter(
                    "counts",
                    reason: "run of \(count) pixels does not fit \(size) pixels"
                )
            }
            total += count
        }
        guard total == size.count else {
            throw .sampleCountMismatch("run lengths", expected: size.count, found: total)
        }
    }

    /// The run lengths in the compressed text form of COCO.
    ///
    /// From the fourth length on, the difference to the length two before is stored; numbers are
    /// split into groups of five bits, lowest first, with a sixth bit that says that more follow.
    public func cocoString() -> String { Self.cocoString(of: cocoCounts()) }

    /// The compressed text form of run lengths, for callers that have them without a mask.
    package static func cocoString(of counts: [Int]) -> String {
        var text: [UInt8] = []
        for index in counts.indices {
            var value = index > 2 ? counts[index] - counts[index - 2] : counts[index]
            var hasMore = true
            while hasMore {
                let group = value & 31
                value >>= 5
                hasMore = group & 16 != 0 ? value != -1 : value != 0
                text.append(UInt8(48 + group + (hasMore ? 32 : 0)))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The mask with the given compressed run lengths, see ``cocoString()``.
    ///
    /// - Throws: ``ImagingError`` if the text is malformed or does not fit the size.
    public init(cocoString text: String, size: Size) throws(ImagingError) {
        try self.init(cocoCounts: Self.counts(ofCOCOString: text), size: size)
    }

    /// The run lengths in a compressed text, see ``cocoString()``.
    ///
    /// - Throws: ``ImagingError`` if the text is malformed.
    package static func counts(ofCOCOString text: String) throws(ImagingError) -> [Int] {
        var counts: [Int] = []
        var (value, shift) = (0, 0)
        for character in text.utf8 {
            guard (48..<112).contains(character), shift < 60 else {
                throw .invalidParameter("counts", reason: "not a compressed run-length code")
            }
            let group = Int(character) - 48
            value |= (group & 31) << shift
            shift += 5
            if group & 32 != 0 { continue }
            if group & 16 != 0 { value |= -1 << shift }
            let base = counts.count > 2 ? counts[counts.count - 2] : 0
            let (count, overflow) = value.addingReportingOverflow(base)
            guard !overflow else {
                throw .invalidParameter("counts", reason: "run length out of range")
            }
            counts.append(count)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else {
            throw .invalidParameter("counts", reason: "truncated run-length code")
        }
        return counts
    }
}
