import ImageFormats
import Imaging
import Tracking

/// Takes spots and links out of the XML of TrackMate.
struct TrackMateReader {
    /// A spot, as the file has it.
    struct Spot {
        let id: Int
        let frame: Int
        let x: Double
        let y: Double
        let radius: Double?
        let area: Double?
        let label: Int?
        let track: Int?
        let isVisible: Bool

        /// Pairs of x and y from the middle of the spot, in the unit of the file.
        var points: [Double] = []
    }

    private(set) var spots: [Spot] = []
    private(set) var edges: [(source: Int, target: Int, track: Int?)] = []
    private(set) var pixelSize = PhysicalSize()
    private(set) var size: Size?
    private(set) var frameCount = 0

    /// The tracks that TrackMate shows; nil if the file does not tell.
    private var shownTracks: Set<Int>?

    private let path: String

    /// Positions beyond this lie in no image.
    private static let farthest = 1e9

    init(_ text: String, path: String) throws(TrackFileError) {
        self.path = path
        var scanner = MarkupScanner(text)
        var track: Int?
        var isTrackMate = false
        while let event = scanner.next() {
            guard case .start(let name, let attributes) = event else { continue }
            if !isTrackMate {
                try checkRoot(name, attributes)
                isTrackMate = true
            }
            switch name {
            case "Model":
                pixelSize.unit = unit(attributes["spatialunits"])
                pixelSize.timeUnit = unit(attributes["timeunits"])
            case "Spot": try addSpot(attributes, text: scanner.text())
            case "Track": track = Self.integer(attributes["TRACK_ID"])
            case "Edge": try addEdge(attributes, track)
            case "FilteredTracks": shownTracks = shownTracks ?? []
            case "TrackID":
                if let id = Self.integer(attributes["TRACK_ID"]) { shownTracks?.insert(id) }
            case "ImageData": addImage(attributes)
            default: break
            }
        }
        guard isTrackMate else { throw foreign("no XML") }
        if let problem = scanner.problem {
            throw failure(
                .damaged,
                "this is no well-formed XML: \(problem)",
                "save it again in TrackMate"
            )
        }
    }

    /// The spots that are not shown, and those whose track is not.
    func hiddenSpots() -> Set<Int> {
        var hidden = Set(spots.filter { !$0.isVisible }.map(\.id))
        guard let shownTracks else { return hidden }
        for edge in edges where edge.track.map({ !shownTracks.contains($0) }) ?? false {
            hidden.formUnion([edge.source, edge.target])
        }
        return hidden
    }

    private func checkRoot(
        _ name: String,
        _ attributes: [String: String]
    ) throws(TrackFileError) {
        guard name == "TrackMate" else { throw foreign("the XML of '\(name.prefix(40))'") }
        let version = attributes["version"] ?? ""
        guard let major = Int(version.prefix { $0 != "." }), (5...8).contains(major) else {
            throw failure(
                .unsupported,
                "TrackMate of version '\(version.prefix(40))'",
                "save it again in TrackMate 7"
            )
        }
    }

    private mutating func addSpot(
        _ attributes: [String: String],
        text: String
    ) throws(TrackFileError) {
        guard let id = Self.integer(attributes["ID"]) else {
            throw failure(.damaged, "a spot without a number", "give every spot an ID")
        }
        guard let frame = Self.integer(attributes["FRAME"]), (0...1 << 40).contains(frame),
            let x = Self.number(attributes["POSITION_X"]),
            let y = Self.number(attributes["POSITION_Y"])
        else {
            throw failure(
                .damaged,
                "spot \(id) has no frame or no place",
                "give a file with FRAME, POSITION_X and POSITION_Y of every spot"
            )
        }
        var spot = Spot(
            id: id,
            frame: frame,
            x: x,
            y: y,
            radius: Self.number(attributes["RADIUS"]),
            area: Self.number(attributes["AREA"]),
            label: Self.integer(attributes["LABEL"]),
            track: Self.integer(attributes["TRACK_NUMBER"]),
            isVisible: attributes["VISIBILITY"] != "0"
        )
        if let count = attributes["ROI_N_POINTS"] {
            spot.points = try points(text, count: Self.integer(count), of: id)
        }
        spots.append(spot)
    }

    private func points(
        _ text: String,
        count: Int?,
        of id: Int
    ) throws(TrackFileError) -> [Double] {
        let words = text.utf8.split { $0 <= 0x20 }
        let values = words.compactMap { Self.number(String($0)) }
        // A volume has meshes instead of outlines.
        guard let count, values.count == words.count, count >= 0, values.count % 2 == 0,
            values.count / 2 == count
        else {
            throw failure(
                .damaged,
                "the outline of spot \(id) has not the points that it announces",
                "save it again in TrackMate; meshes of volumes are not read"
            )
        }
        return values
    }

    private mutating func addEdge(
        _ attributes: [String: String],
        _ track: Int?
    ) throws(TrackFileError) {
        guard let source = Self.integer(attributes["SPOT_SOURCE_ID"]),
            let target = Self.integer(attributes["SPOT_TARGET_ID"])
        else {
            throw failure(
                .damaged,
                "a link without the numbers of its spots",
                "give every link SPOT_SOURCE_ID and SPOT_TARGET_ID"
            )
        }
        edges.append((source, target, track))
    }

    private mutating func addImage(_ attributes: [String: String]) {
        func positive(_ name: String) -> Double? {
            Self.number(attributes[name]).flatMap { $0 > 1e-9 ? $0 : nil }
        }
        (pixelSize.x, pixelSize.y) = (positive("pixelwidth"), positive("pixelheight"))
        pixelSize.t = positive("timeinterval")
        let sides = (
            Self.integer(attributes["width"]) ?? 0, Self.integer(attributes["height"]) ?? 0
        )
        if sides.0 > 0, sides.1 > 0 { size = Size(width: sides.0, height: sides.1) }
        frameCount = max(Self.integer(attributes["nframes"]) ?? 0, 0)
    }

    // MARK: - Values

    private func unit(_ text: String?) -> String? {
        guard let text, !["", "pixel", "pixels", "frame", "frames"].contains(text) else {
            return nil
        }
        return text == "micron" || text == "um" ? "\u{B5}m" : text
    }

    private static func number(_ text: String?) -> Double? {
        text.flatMap { Double($0) }.flatMap { abs($0) <= farthest ? $0 : nil }
    }

    private static func integer(_ text: String?) -> Int? {
        text.flatMap { Int($0) ?? Double($0).flatMap { Int(exactly: $0) } }
    }

    private func foreign(_ what: String) -> TrackFileError {
        failure(.cannotOpen, "\(what), not of TrackMate", "give the XML file that TrackMate saves")
    }

    func failure(
        _ kind: TrackFileError.Kind,
        _ problem: String,
        _ advice: String = ""
    ) -> TrackFileError {
        TrackFileError(kind, path: path, problem, advice: advice)
    }
}

extension TrackMateReader.Spot {
    /// The outline in pixels of the image; nil where there is none.
    func outline(_ pixel: (x: Double, y: Double)) -> [Point<OriginalPixels>]? {
        guard points.count >= 6 else { return nil }
        return stride(from: 0, to: points.count - 1, by: 2).map {
            Point(x: (x + points[$0]) / pixel.x, y: (y + points[$0 + 1]) / pixel.y)
        }
    }

    /// The object: as large as the file says, or as its outline or its radius.
    func node(
        _ id: LineageNode.ID,
        _ label: UInt32,
        _ outline: [Point<OriginalPixels>]?,
        _ pixel: (x: Double, y: Double)
    ) -> LineageNode {
        let center = Point<OriginalPixels>(x: x / pixel.x, y: y / pixel.y)
        let size = area ?? radius.map { .pi * $0 * $0 } ?? 0
        let reach = (x: (radius ?? 0) / pixel.x, y: (radius ?? 0) / pixel.y)
        let xs = outline?.map(\.x) ?? [center.x - reach.x, center.x + reach.x]
        let ys = outline?.map(\.y) ?? [center.y - reach.y, center.y + reach.y]
        // Pixels whose middle lies inside.
        func span(_ values: [Double]) -> (first: Int, count: Int) {
            let first = Int(exactly: (values.min() ?? 0).rounded(.up)) ?? 0
            let last = Int(exactly: (values.max() ?? 0).rounded(.down)) ?? 0
            return (first, max(last - first + 1, 0))
        }
        let (columns, rows) = (span(xs), span(ys))
        return LineageNode(
            id: id,
            frame: frame,
            label: label,
            centroid: center,
            area: Int(exactly: (size / (pixel.x * pixel.y)).rounded()) ?? 0,
            box: Region(x: columns.first, y: rows.first, width: columns.count, height: rows.count)
        )
    }
}
