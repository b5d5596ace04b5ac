import Files
import Foundation
public import Imaging
public import Prompting

/// A file that describes objects by where they lie: GeoJSON such as QuPath writes, COCO, regions of
/// ImageJ.
///
/// The same file gives label images (``labels(_:t:z:)``) and prompts
/// (``prompts(_:in:)``).
public struct RegionFile: Sendable {
    /// The file, as the caller named it.
    public let file: String

    /// The objects, in their order.
    public let objects: [OutlinedObject]

    /// Size of the image that the objects belong to; nil where the file does not tell.
    public let imageSize: Size?

    /// What was left out.
    public let leftOut: [LeftOut]

    /// What the reader noticed.
    public var notes: [FileNote] { leftOut.map { FileNote(file, .note($0.description)) } }

    /// Objects of a file that are no objects of an image.
    public enum LeftOut: Hashable, Sendable {
        /// Text, images and arrows of ImageJ, which are drawn on an image to explain it.
        case decorations(count: Int)
        /// Crowds of COCO, which are areas of many objects.
        case crowds(count: Int)
        /// Objects of other images in a COCO file.
        case otherImages(count: Int)
        /// Entries without a geometry.
        case empty(count: Int)
    }

    /// The most objects that are read from a file.
    public static let maximumObjectCount = 1_000_000

    /// The most corners and points of all objects together.
    public static let maximumPositionCount = 20_000_000

    /// The largest file that is read, in bytes.
    public static let maximumByteCount = 1 << 30

    /// Whether a file is one of regions, by its content.
    ///
    /// - Returns: False also for files that do not exist.
    public static func isOne(_ path: String) -> Bool {
        guard let input = try? InputFile(url: URL(filePath: FileNameParts(path).file)) else {
            return false
        }
        let beginning = input.beginning.drop { [0xEF, 0xBB, 0xBF, 32, 9, 10, 13].contains($0) }
        if beginning.first == UInt8(ascii: "{") || beginning.first == UInt8(ascii: "[") {
            return true
        }
        if beginning.starts(with: "Iout".utf8) { return true }
        guard beginning.starts(with: [0x50, 0x4B]) else { return false }
        return ImageJRegion.isArchive(input)
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - file: Its path; in a COCO file of several images, the name of one may follow after `#`.
    ///   - image: The image that the objects are meant for, by whose name they are chosen in a COCO file
    ///     of several images.
    /// - Throws: ``ImageFormatError`` that says where in the file what is wrong.
    public init(opening file: String, image: String? = nil) throws(ImageFormatError) {
        let parts = FileNameParts(file)
        let input = try InputFile(url: URL(filePath: parts.file))
        guard input.byteCount <= Self.maximumByteCount else {
            throw Self.tooLarge(file, "\(input.byteCount) bytes of objects", Self.maximumByteCount)
        }
        let bytes = try RawFile(path: input.path).readAll(input.byteCount)
        try self.init(bytes, file: file, image: parts.image ?? image)
    }

    /// Reads the bytes of a file.
    ///
    /// - Parameters:
    ///   - bytes: Its content.
    ///   - file: Its name, for messages.
    ///   - image: As for ``init(opening:image:)``.
    /// - Throws: ``ImageFormatError``.
    public init(_ bytes: [UInt8], file: String, image: String? = nil) throws(ImageFormatError) {
        self.file = file
        if bytes.starts(with: "Iout".utf8) || bytes.starts(with: [0x50, 0x4B]) {
            let regions = try ImageJRegion.read(bytes, path: file)
            let kept = regions.filter { !$0.isDecoration }
            objects = Self.numbered(kept.enumerated().map { OutlinedObject($1, number: $0 + 1) })
            imageSize = nil
            let count = regions.count - kept.count
            leftOut = count > 0 ? [.decorations(count: count)] : []
            var counts = PromptCounts()
            for object in objects { try counts.add(object, file) }
        } else {
            var reader = RegionReader(file: file)
            try reader.read(bytes)
            (objects, imageSize, leftOut) = try reader.result(for: image)
        }
    }

    /// The objects with their numbers where all have one of their own, else without.
    static func numbered(_ objects: [OutlinedObject]) -> [OutlinedObject] {
        var seen: Set<UInt32> = []
        let isUnique = objects.allSatisfy { object in
            object.number.map { seen.insert($0).inserted } ?? false
        }
        guard !isUnique else { return objects }
        return objects.map { object in
            var object = object
            object.number = nil
            return object
        }
    }

    static func tooLarge(_ file: String, _ what: String, _ limit: Int) -> ImageFormatError {
        tooLarge(file, what, advice: "\(limit) are read at most; split the file")
    }

    static func tooLarge(_ file: String, _ what: String, advice: String) -> ImageFormatError {
        ImageFormatError(.tooLarge, path: file, what, advice: advice)
    }
}

extension RegionFile.LeftOut: CustomStringConvertible {
    /// A sentence for people without its end.
    public var description: String {
        switch self {
        case .decorations(let count):
            Wording.count(count, "region") + " of text, images or arrows left out"
        case .crowds(let count):
            Wording.count(count, "crowd") + " left out, which are areas of many objects"
        case .otherImages(let count):
            Wording.count(count, "object") + " of other images left out"
        case .empty(let count):
            Wording.count(count, "entry", plural: "entries") + " without a geometry left out"
        }
    }
}

extension PromptCounts {
    /// Counts an object.
    mutating func add(_ object: OutlinedObject, _ file: String) throws(ImageFormatError) {
        objects += 1
        positions += object.positionCount
        if case .polygons(let polygons) = object.shape {
            for ring in polygons.joined() { addRows(of: ring) }
        }
        let limits: [(Int, String, Int)] = [
            (objects, "objects", RegionFile.maximumObjectCount),
            (positions, "corners", RegionFile.maximumPositionCount),
            (rowCount, "rows of pixels that outlines cross", PromptDocument.maximumRowCount),
        ]
        for (count, what, limit) in limits where count > limit {
            throw RegionFile.tooLarge(file, "more than \(limit) \(what)", limit)
        }
    }
}

/// The path of a file of regions, and the name of an image in it.
struct FileNameParts {
    let file: String
    let image: String?

    init(_ path: String) {
        guard let sign = path.lastIndex(of: "#"), !FileManager.default.fileExists(atPath: path)
        else {
            (file, image) = (path, nil)
            return
        }
        file = String(path[..<sign])
        image = String(path[path.index(after: sign)...])
    }
}

extension OutlinedObject {
    /// A region of ImageJ.
    init(_ region: ImageJRegion, number: Int) {
        let shape: Shape =
            switch region.shape {
            case .points(let points): .points(points)
            case .rectangle(let box): .rectangle(box)
            case .oval(let box): .oval(box)
            case .polygon(let points): .polygons([[points]])
            case .line(let points): .line(points)
            case .composite(let rings): .polygons([rings])
            }
        self.init(
            shape,
            number: UInt32(region.name).flatMap { $0 > 0 ? $0 : nil },
            name: region.name.isEmpty ? nil : region.name,
            place: region.place,
            origin: "region \(number)" + (region.name.isEmpty ? "" : " ('\(region.name)')")
        )
    }
}

extension ImageJRegion {
    /// The plane that the region belongs to.
    var place: ObjectPlace {
        if position.c > 0 || position.z > 0 || position.t > 0 {
            return ObjectPlace(
                z: position.z > 0 ? position.z - 1 : nil,
                t: position.t > 0 ? position.t - 1 : nil,
                channel: position.c > 0 ? position.c - 1 : nil
            )
        }
        return slice > 0 ? ObjectPlace(stack: slice - 1) : ObjectPlace()
    }
}
