import Files
public import Foundation
public import Imaging
import Prompting

/// A region of interest of ImageJ, from a `.roi` file or a `RoiSet.zip`.
public struct ImageJRegion: Hashable, Sendable {
    /// What the region is.
    ///
    /// Coordinates are as ImageJ stores them: the pixel in column x covers x ..< x + 1. Points without
    /// fraction mean the pixel of that column and row.
    public enum Shape: Hashable, Sendable {
        /// Points, one or many.
        case points([Point<OriginalPixels>])
        /// A rectangle.
        case rectangle(Box<OriginalPixels>)
        /// The ellipse inside a rectangle.
        case oval(Box<OriginalPixels>)
        /// A closed outline: polygon, freehand or traced region.
        case polygon([Point<OriginalPixels>])
        /// An open line: straight, segmented or freehand, or an angle.
        case line([Point<OriginalPixels>])
        /// Several closed outlines; what lies inside an even number of them is outside.
        case composite([[Point<OriginalPixels>]])
    }

    /// The name that ImageJ shows; empty where there is none.
    public let name: String

    /// What the region is.
    public let shape: Shape

    /// Whether it is text, an image or an arrow, which are drawn to explain an image and are no areas.
    public let isDecoration: Bool

    /// The slice of the stack, from 1; 0 for all.
    public let slice: Int

    /// The place in a hyperstack.
    public let position: Position

    /// Channel, slice in depth and frame of a hyperstack, from 1; 0 for all.
    public struct Position: Hashable, Sendable {
        /// Channel.
        public let c: Int
        /// Slice in depth.
        public let z: Int
        /// Frame.
        public let t: Int
    }

    /// Reads the regions of a `.roi` file or of an archive of them; which it is, the content says.
    ///
    /// - Throws: ``ImageFormatError`` if the file cannot be read, is damaged, or has a region of a kind
    ///   that is not read.
    public static func read(from url: URL) throws(ImageFormatError) -> [ImageJRegion] {
        let input = try InputFile(url: url)
        guard input.byteCount <= 1 << 30 else {
            throw ImageFormatError(
                .tooLarge,
                path: input.path,
                "\(input.byteCount) bytes of regions",
                advice: "split the archive"
            )
        }
        return try read(RawFile(path: input.path).readAll(input.byteCount), path: input.path)
    }

    /// Reads the regions in the bytes of a `.roi` file or of an archive of them.
    ///
    /// - Parameter path: The name by which messages call the file.
    /// - Throws: ``ImageFormatError`` as ``read(from:)``.
    public static func read(
        _ bytes: [UInt8],
        path: String
    ) throws(ImageFormatError) -> [ImageJRegion] {
        if bytes.starts(with: "Iout".utf8) {
            return [try ROIDecoder(bytes, path: path).region(named: "")]
        }
        guard bytes.starts(with: [0x50, 0x4B]) else {
            throw ImageFormatError(
                .unknownFormat,
                path: path,
                "neither a region of ImageJ nor an archive of them",
                advice: "give a .roi file or a RoiSet.zip"
            )
        }
        let archive: ZipArchive
        do throws(ZipError) {
            archive = try ZipArchive(
                ByteStorage(copying: bytes, name: path),
                repeatedNames: .kept
            )
        } catch {
            throw unreadable(path, error)
        }
        return try regions(of: archive, path: path)
    }

    private static func unreadable(_ path: String, _ error: ZipError) -> ImageFormatError {
        ImageFormatError(
            .damaged,
            path: path,
            "the archive cannot be read: \(error.problem)",
            advice: "save the regions again"
        )
    }

    /// One entry may have this many bytes; regions of interest are far smaller.
    private static let maximumEntryBytes = 64 << 20

    /// All entries together; several may claim the same bytes of the file.
    private static let maximumTotalBytes = 256 << 20

    /// The regions of an archive; entries are unpacked one after the other.
    private static func regions(
        of archive: ZipArchive,
        path: String
    ) throws(ImageFormatError) -> [ImageJRegion] {
        var regions: [ImageJRegion] = []
        var total = maximumTotalBytes
        var counts = PromptCounts()
        for entry in archive.entries {
            guard let name = regionName(entry.name) else { continue }
            let limit = min(total, maximumEntryBytes)
            var budget = limit
            let content: [UInt8]
            do throws(ZipError) {
                content = try archive.bytes(of: entry, budget: &budget)
            } catch {
                throw unreadable(path, error)
            }
            total -= limit - budget
            let decoder = ROIDecoder(content, path: "\(path)#\(entry.name)")
            let region = try decoder.region(named: name)
            try counts.add(OutlinedObject(region, number: 1), path)
            regions.append(region)
        }
        return regions
    }

    /// The name of the region in an entry; nil for entries that are no regions, such as the hidden files
    /// that macOS adds to archives.
    private static func regionName(_ entry: String) -> String? {
        let parts = entry.split(whereSeparator: { $0 == "/" || $0 == "\\" })
        guard let last = parts.last, last.lowercased().hasSuffix(".roi"),
            !parts.contains(where: { $0.hasPrefix(".") || $0 == "__MACOSX" })
        else { return nil }
        return String(last.dropLast(4))
    }

    /// Whether a file is an archive that holds regions.
    static func isArchive(_ input: InputFile) -> Bool {
        guard let storage = try? ByteStorage(mapping: input.path),
            let archive = try? ZipArchive(storage, repeatedNames: .kept)
        else { return false }
        return archive.entries.contains { regionName($0.name) != nil }
    }

    init(
        name: String,
        shape: Shape,
        isDecoration: Bool = false,
        slice: Int,
        position: Position
    ) {
        self.name = name
        self.shape = shape
        self.isDecoration = isDecoration
        self.slice = slice
        self.position = position
    }
}

/// Decodes the binary form of a region; all numbers are big-endian.
private struct ROIDecoder {
    private let bytes: [UInt8]
    private let path: String

    init(_ bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    func region(named fileName: String) throws(ImageFormatError) -> ImageJRegion {
        guard bytes.count >= 64, bytes.starts(with: "Iout".utf8) else {
            throw damaged("the header")
        }
        let second = integer(60, 4)
        let hasSecond = second >= 64 && second <= bytes.count - 52
        let position = ImageJRegion.Position(
            c: hasSecond ? integer(second + 4, 4) : 0,
            z: hasSecond ? integer(second + 8, 4) : 0,
            t: hasSecond ? integer(second + 12, 4) : 0
        )
        return ImageJRegion(
            name: hasSecond ? name(second) ?? fileName : fileName,
            shape: isDecoration ? .rectangle(box) : try shape(),
            isDecoration: isDecoration,
            slice: integer(56, 4),
            position: position
        )
    }

    /// Text and images are rectangles, and arrows are lines, of a kind of their own.
    private var isDecoration: Bool { [1, 2, 4].contains(subtype) }

    private var subtype: Int { integer(4, 2) >= 218 ? integer(48, 2) : 0 }

    private func shape() throws(ImageFormatError) -> ImageJRegion.Shape {
        let type = Int(bytes[6])
        if type == 7, subtype == 3, integer(16, 2) == 0 { return .polygon(turnedEllipse) }
        if integer(36, 4) > 0, type == 1 { return .composite(try rings(integer(36, 4))) }
        switch type {
        case 0, 7, 8: return .polygon(try vertices())
        case 1: return .rectangle(box)
        case 2: return .oval(box)
        case 3:
            return .line([
                Point(x: float(18), y: float(22)), Point(x: float(26), y: float(30)),
            ])
        case 4, 5, 9: return .line(try vertices())
        case 10: return .points(try vertices())
        default:
            throw ImageFormatError(
                .unsupported,
                path: path,
                "a region of kind \(type) is not read",
                advice: "use points, lines, rectangles, ovals and polygons"
            )
        }
    }

    /// The rectangle; with fractions where ImageJ noted them.
    private var box: Box<OriginalPixels> {
        let hasFractions = integer(4, 2) >= 223 && integer(50, 2) & 128 != 0
        if hasFractions, float(26) > 0, float(30) > 0 {
            return Box(
                minX: float(18),
                minY: float(22),
                maxX: float(18) + float(26),
                maxY: float(22) + float(30)
            )
        }
        let (x, y) = (edges(10, 14), edges(8, 12))
        return Box(
            minX: Double(x.low),
            minY: Double(y.low),
            maxX: Double(x.high),
            maxY: Double(y.high)
        )
    }

    private func vertices() throws(ImageFormatError) -> [Point<OriginalPixels>] {
        // Large counts, which 16 bits do not hold, are in the size field.
        let count = integer(16, 2) == 0 ? integer(18, 4) : integer(16, 2)
        guard count > 0, count <= bytes.count / 4, 64 + 4 * count <= bytes.count else {
            throw damaged("\(count) vertices")
        }
        let hasFractions = integer(4, 2) >= 222 && integer(50, 2) & 128 != 0
        let start = 64 + 4 * count
        if hasFractions, start + 8 * count <= bytes.count {
            return (0..<count).map {
                Point(x: float(start + 4 * $0), y: float(start + 4 * count + 4 * $0))
            }
        }
        let (left, top) = (edges(10, 14).low, edges(8, 12).low)
        return (0..<count).map { index in
            Point(
                x: Double(left + integer(64 + 2 * index, 2)),
                y: Double(top + integer(64 + 2 * count + 2 * index, 2))
            )
        }
    }

    /// The outlines of a composite region: moves, lines and ends; curves are taken by their ends.
    private func rings(_ count: Int) throws(ImageFormatError) -> [[Point<OriginalPixels>]] {
        guard count <= bytes.count / 4, 64 + 4 * count <= bytes.count else {
            throw damaged("a composite region of \(count) numbers")
        }
        var rings: [[Point<OriginalPixels>]] = []
        var ring: [Point<OriginalPixels>] = []
        var position = 0
        while position < count {
            let kind = float(64 + 4 * position)
            let length = [0: 3, 1: 3, 2: 5, 3: 7, 4: 1][kind]
            guard let length, position + length <= count else { throw damaged("an outline") }
            if kind == 0 || kind == 4, !ring.isEmpty {
                rings.append(ring)
                ring = []
            }
            if length > 1 {
                let end = 64 + 4 * (position + length - 2)
                ring.append(Point(x: float(end), y: float(end + 4)))
            }
            position += length
        }
        return ring.isEmpty ? rings : rings + [ring]
    }

    private func name(_ second: Int) -> String? {
        let start = integer(second + 16, 4)
        let length = integer(second + 20, 4)
        guard length > 0, start > 0, length <= bytes.count / 2, start <= bytes.count - 2 * length
        else { return nil }
        let units = (0..<length).map { UInt16(truncatingIfNeeded: integer(start + 2 * $0, 2)) }
        return String(decoding: units, as: UTF16.self)
    }

    /// A number without sign; what lies beyond the end counts as 0.
    private func integer(_ position: Int, _ count: Int) -> Int {
        guard position >= 0, position + count <= bytes.count else { return 0 }
        return bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
    }

    /// Two opposite edges, which have 16 bits.
    ///
    /// Images may be wider than 32 767 pixels, and regions may begin a little beside them: numbers just
    /// below 0 are negative unless the region would then lie outside of the image.
    private func edges(_ first: Int, _ second: Int) -> (low: Int, high: Int) {
        func signed(_ position: Int) -> Int {
            Int(Int16(truncatingIfNeeded: integer(position, 2)))
        }
        let (low, high) = (signed(first), signed(second))
        if low < 0, high <= 0 { return (low + 0x10000, high + 0x10000) }
        return (low < -5000 ? low + 0x10000 : low, high < 0 ? high + 0x10000 : high)
    }

    /// The outline of an ellipse that is given by the ends of one axis and the ratio of both.
    private var turnedEllipse: [Point<OriginalPixels>] {
        let (start, end) = (
            Point<OriginalPixels>(x: float(18), y: float(22)),
            Point<OriginalPixels>(x: float(26), y: float(30))
        )
        let half = Point<OriginalPixels>(x: (end.x - start.x) / 2, y: (end.y - start.y) / 2)
        let ratio = float(52)
        return (0..<72).map { step in
            let angle = Double(step) * .pi / 36
            let (along, across) = (cos(angle), sin(angle) * ratio)
            return Point(
                x: start.x + half.x + along * half.x - across * half.y,
                y: start.y + half.y + along * half.y + across * half.x
            )
        }
    }

    private func float(_ position: Int) -> Double {
        let value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: integer(position, 4))))
        return value.isFinite ? value : 0
    }

    private func damaged(_ what: String) -> ImageFormatError {
        ImageFormatError(
            .damaged,
            path: path,
            "the region cannot be read: \(what)",
            advice: "save the regions again"
        )
    }
}
