import Files
import Imaging

/// The objects of a stack as runs of pixels on the disk, so that each of them can be read by itself.
///
/// Records are written slice by slice. Each one names the record of the same object before it, so that memory holds one entry for
/// each object, and not for each of its slices.
struct ObjectRuns: ~Copyable {
    /// What is known of an object without reading its runs.
    struct Object {
        /// Holds the object in all slices.
        var region: Region

        /// First and last slice.
        var slices: ClosedRange<Int>

        fileprivate var last: Record
    }

    /// Where the pixels of an object in a slice are.
    fileprivate struct Record {
        let place: Int
        let wordCount: Int

        static let headerWords = 4
        static let none = Record(place: -1, wordCount: 0)
    }

    private var file: ScratchFile
    private let size: Size
    private var objects: [UInt32: Object] = [:]

    /// Number of slices so far.
    private(set) var sliceCount = 0

    init(in folder: String, size: Size) throws(FileError) {
        file = try ScratchFile(in: folder)
        self.size = size
    }

    /// The labels of all objects, ascending.
    var labels: [UInt32] { objects.keys.sorted() }

    /// An object that is there.
    func object(_ label: UInt32) -> Object? { objects[label] }

    /// Adds the next slice.
    mutating func append(_ slice: LabelImage) throws(FileError) {
        precondition(slice.size == size, "slices of different sizes")
        for (label, runs) in Self.runs(slice) { try append(runs, of: label) }
        sliceCount += 1
    }

    /// Calls `body` for each slice of an object, in order, with its runs of pixels; there are none in gaps.
    mutating func forEachSlice(
        of label: UInt32,
        _ body: ([Range<Int>]) throws(FileError) -> Void
    ) throws(FileError) {
        guard let object = objects[label] else { return }
        var records: [(slice: Int, record: Record)] = []
        var record = object.last
        while record.place >= 0 {
            let words = try words(record, Record.headerWords)
            records.append((Int(words[3]), record))
            let place = Int(UInt32(bitPattern: words[0])) | Int(words[1]) << 32
            record = Record(place: place, wordCount: Int(words[2]))
        }
        var next = object.slices.lowerBound
        for (slice, record) in records.reversed() {
            while next < slice {
                try body([])
                next += 1
            }
            let words = try words(record, record.wordCount)
            let starts = stride(from: Record.headerWords, to: words.count, by: 2)
            try body(starts.map { Int(words[$0])..<Int(words[$0 + 1]) })
            next += 1
        }
    }

    private mutating func append(_ runs: [Int32], of label: UInt32) throws(FileError) {
        let before = objects[label]?.last ?? .none
        let words =
            [
                Int32(truncatingIfNeeded: before.place),
                Int32(truncatingIfNeeded: before.place >> 32),
                Int32(before.wordCount), Int32(sliceCount),
            ] + runs
        let region = region(runs)
        let record = Record(place: file.count, wordCount: words.count)
        let known = objects[label]
        objects[label] = Object(
            region: known.map { $0.region.united(with: region) } ?? region,
            slices: (known?.slices.lowerBound ?? sliceCount)...sliceCount,
            last: record
        )
        try file.append(words.withUnsafeBytes { Array($0) })
    }

    private mutating func words(_ record: Record, _ count: Int) throws(FileError) -> [Int32] {
        let bytes = try file.read(record.place..<(record.place + 4 * count))
        // Safe because the words are copied, and there are four bytes for each.
        return bytes.withUnsafeBytes { bytes in
            (0..<count).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self) }
        }
    }

    private func region(_ runs: [Int32]) -> Region {
        let width = Int32(size.width)
        var (left, right) = (Int32.max, Int32.min)
        for place in stride(from: 0, to: runs.count, by: 2) {
            let row = runs[place] / width * width
            left = min(left, runs[place] - row)
            right = max(right, runs[place + 1] - row)
        }
        let top = runs[0] / width
        return Region(
            x: Int(left),
            y: Int(top),
            width: Int(right - left),
            height: Int(runs[runs.count - 2] / width - top) + 1
        )
    }

    /// The first pixels of the runs of each object and the ones behind their last, by label.
    private static func runs(_ slice: LabelImage) -> [(label: UInt32, runs: [Int32])] {
        var runs: [UInt32: [Int32]] = [:]
        let (labels, width) = (slice.labels, slice.size.width)
        var (start, rowEnd) = (0, width)
        while start < labels.count {
            let label = labels[start]
            var end = start + 1
            while end < rowEnd, labels[end] == label { end += 1 }
            // A slice that fits into memory as labels has fewer pixels than 31 bits count.
            if label != 0 { runs[label, default: []] += [Int32(start), Int32(end)] }
            start = end
            if end == rowEnd { rowEnd += width }
        }
        return runs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
