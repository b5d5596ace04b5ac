import Files
import Imaging
import Prompting

/// The members of a GeoJSON feature, or of a geometry that stands alone, as far as they are used.
struct FeatureParts {
    private(set) var geometry: GeoJSONGeometry?
    private(set) var name: String?
    private(set) var category: String?
    private(set) var number: UInt32?
    private(set) var place = ObjectPlace()
    private var alone = GeoJSONGeometry()

    /// Whether the members read are those of a feature or of a geometry.
    var isFeature: Bool { geometry != nil }

    /// Reads the value of a member.
    ///
    /// - Parameter budget: How many more positions and lists of them may be read.
    mutating func read(
        _ reader: inout JSONReader,
        _ name: String,
        _ budget: inout Int
    ) throws {
        switch name {
        case "geometry" where reader.kind() == .object:
            var found = GeoJSONGeometry()
            try reader.eachMember { reader, name in
                if name == "plane" {
                    take(plane: try reader.value())
                } else {
                    try found.read(&reader, name, &budget)
                }
            }
            geometry = found
        case "properties": take(properties: try reader.value())
        case "plane": take(plane: try reader.value())
        default:
            try alone.read(&reader, name, &budget)
            if alone.isComplete, geometry == nil { geometry = alone }
        }
    }

    /// QuPath's names, classes, measurements and planes.
    private mutating func take(properties: JSONValue) {
        name = properties["name"]?.string ?? properties["name"]?.integer.map { "\($0)" }
        category = properties["classification"]?["name"]?.string
        if let names = properties["classification"]?["names"]?.array, category == nil {
            category = names.compactMap(\.string).joined(separator: ": ")
        }
        let measured = properties["measurements"]
        let label =
            measured?["label"]?.integer
            ?? measured?.array?.first { $0["name"]?.string == "label" }?["value"]?.integer
            ?? properties["label"]?.integer ?? name.flatMap { Int($0) }
        number = label.flatMap { UInt32(exactly: $0) }.flatMap { $0 > 0 ? $0 : nil }
        if let plane = properties["plane"] { take(plane: plane) }
        if let z = properties["z"]?.integer { place.z = z }
        if let t = properties["t"]?.integer { place.t = t }
    }

    /// QuPath's plane, in which a channel of -1 is all.
    private mutating func take(plane: JSONValue) {
        place.z = plane["z"]?.integer
        place.t = plane["t"]?.integer
        place.channel = plane["c"]?.integer.flatMap { $0 >= 0 ? $0 : nil }
    }
}

/// The geometry of a feature.
struct GeoJSONGeometry {
    private var type = ""
    private var coordinates: Coordinates?
    private var parts: [GeoJSONGeometry] = []
    private var isEllipse = false

    /// Positions at any depth of lists.
    private enum Coordinates {
        case position(Point<OriginalPixels>)
        /// A list of positions, at least one.
        case positions([Point<OriginalPixels>])
        /// A list of lists; an empty one, too.
        case list([Coordinates])
    }

    /// Whether it has a type and coordinates.
    var isComplete: Bool { !type.isEmpty && (coordinates != nil || !parts.isEmpty) }

    /// Reads the value of a member.
    mutating func read(
        _ reader: inout JSONReader,
        _ name: String,
        _ budget: inout Int
    ) throws {
        switch name {
        case "type": type = try reader.value().string ?? ""
        case "isEllipse": isEllipse = try reader.value().bool ?? false
        case "coordinates": coordinates = try Self.coordinates(&reader, &budget)
        case "geometries":
            try reader.eachElement { reader in
                var part = GeoJSONGeometry()
                try reader.eachMember { try part.read(&$0, $1, &budget) }
                try Self.spend(&budget)
                parts.append(part)
            }
        default: try reader.skipValue()
        }
    }

    private static func coordinates(
        _ reader: inout JSONReader,
        _ budget: inout Int
    ) throws -> Coordinates {
        var list: [Coordinates] = []
        var points: [Point<OriginalPixels>] = []
        var (count, x, y) = (0, 0.0, 0.0)
        try spend(&budget)
        try reader.eachElement { reader in
            if reader.kind() == .array {
                switch try coordinates(&reader, &budget) {
                case .position(let point): points.append(point)
                case let deeper: list.append(deeper)
                }
            } else if let number = try reader.value().number, count < 4,
                abs(number) <= Prompt.coordinateLimit
            {
                (x, y) = (count == 0 ? number : x, count == 1 ? number : y)
                count += 1
            } else {
                throw Problem.badPosition
            }
        }
        switch (count, points.isEmpty, list.isEmpty) {
        case (2..., true, true): return .position(Point(x: x, y: y))
        case (0, false, true): return .positions(points)
        case (0, true, _): return .list(list)
        default: throw Problem.badPosition
        }
    }

    private static func spend(_ budget: inout Int) throws {
        budget -= 1
        guard budget >= 0 else { throw Problem.tooMany }
    }

    private enum Problem: Error, CustomStringConvertible {
        case badPosition, tooMany

        var description: String {
            switch self {
            case .badPosition: "a position of GeoJSON is a list of two numbers, x and y"
            case .tooMany:
                "more than \(RegionFile.maximumPositionCount) corners are not read; split the file"
            }
        }
    }

    // MARK: - Shapes

    /// What the geometry is; several for a collection, none for an empty one.
    func shapes(
        file: String,
        origin: String
    ) throws(ImageFormatError) -> [OutlinedObject.Shape] {
        func damaged() -> ImageFormatError {
            ImageFormatError(
                .damaged,
                path: file,
                "\(origin): its coordinates are not those of a \(type)",
                advice: "export the objects again"
            )
        }
        func positions(_ value: Coordinates) throws(ImageFormatError) -> [Point<OriginalPixels>] {
            switch value {
            case .positions(let points): return points
            case .list(let list) where list.isEmpty: return []
            default: throw damaged()
            }
        }
        func rings(_ value: Coordinates) throws(ImageFormatError) -> [[Point<OriginalPixels>]] {
            guard case .list(let list) = value else { throw damaged() }
            return try list.map { entry throws(ImageFormatError) in try ring(positions(entry)) }
        }
        func polygon(
            _ value: Coordinates
        ) throws(ImageFormatError) -> [[Point<OriginalPixels>]]? {
            let rings = try rings(value).filter { $0.count >= 3 }
            return rings.isEmpty ? nil : rings
        }
        if type == "GeometryCollection" {
            var shapes: [OutlinedObject.Shape] = []
            for part in parts { shapes += try part.shapes(file: file, origin: origin) }
            return shapes
        }
        guard let coordinates else { return [] }
        switch type {
        case "Point":
            guard case .position(let point) = coordinates else { throw damaged() }
            return [.points([point])]
        case "MultiPoint":
            let points = try positions(coordinates)
            return points.isEmpty ? [] : [.points(points)]
        case "LineString":
            let points = try positions(coordinates)
            return points.isEmpty ? [] : [.line(points)]
        case "MultiLineString":
            guard case .list(let list) = coordinates else { throw damaged() }
            return try list.map { entry throws(ImageFormatError) -> OutlinedObject.Shape in
                .line(try positions(entry))
            }
        case "Polygon":
            guard let rings = try polygon(coordinates) else { return [] }
            return [isEllipse ? Self.ellipse(rings) : Self.simplest([rings])]
        case "MultiPolygon":
            guard case .list(let list) = coordinates else { throw damaged() }
            let polygons = try list.map { entry throws(ImageFormatError) in try polygon(entry) }
                .compactMap(\.self)
            return polygons.isEmpty ? [] : [Self.simplest(polygons)]
        default:
            throw ImageFormatError(
                .unsupported,
                path: file,
                "\(origin): a geometry of the type '\(type.prefix(40))' is not read",
                advice: "use points, lines and polygons"
            )
        }
    }

    /// A ring without the repetition of its first corner.
    private func ring(_ points: [Point<OriginalPixels>]) -> [Point<OriginalPixels>] {
        points.count > 1 && points.first == points.last ? points.dropLast() : points
    }

    /// A polygon of four corners along the axes is a rectangle.
    static func simplest(
        _ polygons: [[[Point<OriginalPixels>]]]
    ) -> OutlinedObject.Shape {
        guard polygons.count == 1, polygons[0].count == 1, polygons[0][0].count == 4,
            let box = Box(around: polygons[0])
        else { return .polygons(polygons) }
        let ring = polygons[0][0]
        let isStraight = zip(ring, ring.dropFirst() + ring.prefix(1)).allSatisfy {
            ($0.x == $1.x) != ($0.y == $1.y)
        }
        let corners = Set(ring)
        return isStraight && corners.count == 4 && box.area > 0
            ? .rectangle(box) : .polygons(polygons)
    }

    private static func ellipse(_ rings: [[Point<OriginalPixels>]]) -> OutlinedObject.Shape {
        // The corners of a turned ellipse say more than its box.
        guard rings.count == 1, let box = Box(around: rings), box.area > 0 else {
            return .polygons([rings])
        }
        let inside = 4 / Double.pi * abs(ringArea(rings[0]))
        return abs(inside - box.area) < 0.02 * box.area ? .oval(box) : .polygons([rings])
    }
}

/// The area inside a ring, negative if it runs counterclockwise as seen on the screen.
func ringArea(_ ring: [Point<OriginalPixels>]) -> Double {
    var area = 0.0
    guard var last = ring.last else { return 0 }
    for point in ring {
        area += last.x * point.y - point.x * last.y
        last = point
    }
    return area / 2
}
