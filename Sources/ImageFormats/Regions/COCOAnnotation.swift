import Files
import Foundation
import Imaging
import Prompting

/// The images and categories of a COCO file.
struct COCOTables {
    /// An image that a COCO file describes.
    struct Image {
        let id: Int
        let name: String
        let size: Size?
    }

    private var images: [Image] = []

    /// Number of images.
    var imageCount: Int { images.count }

    private(set) var categories: [Int: String] = [:]

    init() {}

    /// The tables of a file; nil if it does not describe several images.
    init?(of file: String) {
        guard RegionFile.isOne(file), let input = try? InputFile(url: URL(filePath: file)),
            input.byteCount <= RegionFile.maximumByteCount, input.beginning.first != 0x50,
            let bytes = try? RawFile(path: input.path).readAll(input.byteCount)
        else { return nil }
        var reader = JSONReader(bytes)
        var tables = COCOTables()
        do {
            try reader.eachMember { reader, name in
                if name == "images" {
                    try reader.eachElement { reader in
                        tables.add(image: try reader.value())
                        guard tables.images.count <= RegionFile.maximumObjectCount else {
                            throw RegionFile.tooLarge(
                                file,
                                "more than \(RegionFile.maximumObjectCount) images",
                                RegionFile.maximumObjectCount
                            )
                        }
                    }
                } else {
                    try reader.skipValue()
                }
            }
        } catch {
            return nil
        }
        guard tables.images.count > 1 else { return nil }
        self = tables
    }

    mutating func add(image: JSONValue) {
        guard let id = image["id"]?.integer else { return }
        var size: Size?
        if let width = image["width"]?.integer, let height = image["height"]?.integer,
            (1...1 << 24).contains(width), (1...1 << 24).contains(height)
        {
            size = Size(width: width, height: height)
        }
        images.append(Image(id: id, name: image["file_name"]?.string ?? "", size: size))
    }

    mutating func add(category: JSONValue) {
        guard let id = category["id"]?.integer else { return }
        categories[id] = category["name"]?.string
    }

    /// The image that is meant: the only one, or the one of that name.
    func chosen(_ name: String?, file: String) throws(ImageFormatError) -> Image? {
        guard images.count > 1 else { return images.first }
        let wanted = name.map(Self.lastPart)
        var found = images.filter { Self.lastPart($0.name) == wanted }
        if found.isEmpty {
            found = images.filter { Self.stem($0.name) == wanted.map(Self.stem) }
        }
        guard found.count == 1 else {
            let names = images.prefix(4).map { "'\($0.name)'" }.joined(separator: ", ")
            let rest = images.count > 4 ? " and \(images.count - 4) more" : ""
            throw ImageFormatError(
                .outOfRange,
                path: file,
                "it describes \(images.count) images, "
                    + (wanted.map { "\(found.count) of them named '\($0)'" } ?? "none was chosen"),
                advice: "name one after a #: \(names)\(rest)"
            )
        }
        return found[0]
    }

    private static func lastPart(_ path: String) -> String {
        path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? path
    }

    private static func stem(_ path: String) -> String { FileStem(lastPart(path)).file }
}

/// One annotation of a COCO file.
struct COCOAnnotation {
    let image: Int?
    let category: Int?
    let isCrowd: Bool
    let object: OutlinedObject

    /// Reads an annotation; nil for one that has neither outline nor box.
    ///
    /// - Parameter budget: How many more corners may be read.
    init?(
        _ reader: inout JSONReader,
        file: String,
        origin: String,
        _ budget: inout Int
    ) throws {
        var (shape, box): (OutlinedObject.Shape?, Box<OriginalPixels>?)
        var (image, category, number): (Int?, Int?, UInt32?)
        var isCrowd = false
        func damaged(_ what: String) -> ImageFormatError {
            ImageFormatError(
                .damaged,
                path: file,
                "\(origin): \(what)",
                advice: "export the objects again"
            )
        }
        try reader.eachMember { reader, name in
            switch name {
            case "id":
                let id = try reader.value().integer.flatMap { UInt32(exactly: $0) }
                number = id.flatMap { $0 > 0 ? $0 : nil }
            case "image_id": image = try reader.value().integer
            case "category_id": category = try reader.value().integer
            case "iscrowd":
                let value = try reader.value()
                isCrowd = value.integer == 1 || value.bool == true
            case "bbox":
                guard let sides = try reader.value().array?.compactMap(\.number) else { return }
                guard sides.isEmpty || sides.count == 4,
                    sides.allSatisfy({ abs($0) <= Prompt.coordinateLimit })
                else { throw damaged("a box of COCO is [x, y, width, height]") }
                guard sides.count == 4, sides[2] > 0, sides[3] > 0 else { return }
                box = Box(
                    minX: sides[0],
                    minY: sides[1],
                    maxX: sides[0] + sides[2],
                    maxY: sides[1] + sides[3]
                )
            case "segmentation":
                shape = try Self.shape(&reader, &budget, damaged)
            default: try reader.skipValue()
            }
        }
        guard let shape = shape ?? box.map({ .rectangle($0) }) else { return nil }
        (self.image, self.category, self.isCrowd) = (image, category, isCrowd)
        object = OutlinedObject(shape, number: number, origin: origin)
    }

    private static func shape(
        _ reader: inout JSONReader,
        _ budget: inout Int,
        _ damaged: (String) -> ImageFormatError
    ) throws -> OutlinedObject.Shape? {
        guard reader.kind() == .array else {
            let value = try reader.value()
            return value == .null ? nil : try mask(value, damaged)
        }
        var polygons: [[[Point<OriginalPixels>]]] = []
        try reader.eachElement { reader in
            budget -= 1
            var ring: [Point<OriginalPixels>] = []
            var x: Double?
            try reader.eachElement { reader in
                guard let number = try reader.value().number,
                    abs(number) <= Prompt.coordinateLimit
                else { throw damaged("an outline of COCO is a list of numbers, x before y") }
                if let first = x {
                    ring.append(Point(x: first, y: number))
                    x = nil
                    budget -= 1
                } else {
                    x = number
                }
                guard budget >= 0 else {
                    throw damaged("more corners than are read; split the file")
                }
            }
            guard x == nil else { throw damaged("an outline with an odd count of numbers") }
            if ring.count > 1, ring.first == ring.last { ring.removeLast() }
            if ring.count >= 3 { polygons.append([ring]) }
        }
        return polygons.isEmpty ? nil : GeoJSONGeometry.simplest(polygons)
    }

    private static func mask(
        _ value: JSONValue,
        _ damaged: (String) -> ImageFormatError
    ) throws -> OutlinedObject.Shape {
        guard let sides = value["size"]?.integers, sides.count == 2,
            sides.allSatisfy({ (1...1 << 24).contains($0) })
        else { throw damaged("the size of a mask is [height, width]") }
        let size = Size(width: sides[1], height: sides[0])
        if let text = value["counts"]?.string {
            return .mask(EncodedMask(size: size, counts: text))
        }
        guard let counts = value["counts"]?.integers,
            counts.allSatisfy({ (0...size.count).contains($0) })
        else { throw damaged("the runs of a mask are numbers of pixels in its member 'counts'") }
        return .mask(EncodedMask(size: size, counts: RunLengthMask.cocoString(of: counts)))
    }
}
