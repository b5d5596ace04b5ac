public import Imaging
public import Tracking

/// Finds the objects of label images that the nodes of a graph are, frame by frame.
///
/// An object is found by its label where the file of the graph gives labels, and most nodes must lie where these objects are. Otherwise
/// it is found by its place: it is the object at the centroid, or the nearest one within the radius of a disc as large as the node.
///
/// ```swift
/// var matching = ObjectMatching(of: try GEFFFile(reading: url))
/// for labels in movie { try matching.add(labels) }
/// let graph = try matching.finish()
/// ```
public struct ObjectMatching: Sendable {
    /// How many objects of the frames so far are in no track.
    public private(set) var untrackedCount = 0

    private let graph: LineageGraph
    private let names: NodeNames
    private let way: Way
    private var places: PlaceCheck?
    private var nodes: [LineageNode] = []
    private var frame = 0

    private enum Way {
        case labels
        case places
        /// By labels that were painted from the outlines of the file.
        case painted
    }

    /// Finds the nodes of a GEFF: by labels if it has some.
    public init(of file: GEFFFile) {
        (graph, names) = (file.graph, file.names)
        way = file.labelProperty == nil ? .places : .labels
        places = file.labelProperty == nil ? nil : PlaceCheck(of: file)
    }

    /// Finds the spots of a file of TrackMate.
    ///
    /// - Parameter arePainted: Whether the frames are those of ``TrackMateFile/labels(frame:size:)``; else spots are found by
    ///   their places.
    public init(of file: TrackMateFile, arePainted: Bool) {
        (graph, names) = (file.graph, file.names)
        way = arePainted ? .painted : .places
    }

    /// Finds the nodes of the next frame.
    ///
    /// - Throws: ``TrackFileError`` of kind `mismatch` if a node is no object, or two nodes are the same.
    public mutating func add(_ labels: LabelImage) throws {
        let objects = try labels.measurements()
        let byLabel = Dictionary(objects.map { ($0.label, $0) }) { first, _ in first }
        var owners: [UInt32: LineageNode] = [:]
        for node in graph.nodes(inFrame: frame) {
            let label = way == .places ? labels.label(at: node) : node.label
            guard let object = byLabel[label] else { throw notFound(node) }
            if let owner = owners.updateValue(node, forKey: label) {
                throw names.failure(
                    "\(names[owner.id]) and \(names[node.id]) of frame \(frame) lie on the same object, \(label)",
                    advice: "remove one of them, or divide the object in the label image"
                )
            }
            places?.add(node, in: object.box)
            nodes.append(LineageNode(id: node.id, frame: frame, object))
        }
        untrackedCount += objects.count - owners.count
        frame += 1
    }

    /// The graph, with the labels and measurements of the objects, and the names, links and numbers of tracks of the file.
    ///
    /// - Throws: ``TrackFileError`` of kind `outOfRange` if nodes lie in frames that were not added; of kind `mismatch` if the objects
    ///   with the labels of nodes lie elsewhere, as ``PlaceCheck`` says it.
    public consuming func finish() throws(TrackFileError) -> LineageGraph {
        if let node = graph.nodes.first(where: { $0.frame >= frame }) {
            throw names.failure(
                "\(names[node.id]) lies in frame \(node.frame), but the movie has the frames 0 to \(frame - 1)",
                advice: "give the movie that the tracks were made of",
                kind: .outOfRange
            )
        }
        try places?.finish()
        var numbers: [LineageNode.ID: UInt32] = [:]
        for track in graph.tracks() { numbers[track.nodes[0]] = track.number }
        do throws(LineageError) {
            return try LineageGraph(nodes: nodes, links: graph.links, numbers: numbers)
        } catch {
            throw TrackFileError(error, path: names.path)
        }
    }

    private func notFound(_ node: LineageNode) -> TrackFileError {
        let name = "\(names[node.id]) of frame \(frame)"
        let images = "give the label images that the tracks were made of"
        switch way {
        case .labels:
            return names.failure(
                "\(name) has the label \(node.label), which no object of the label image has",
                advice: images
            )
        case .places:
            let (x, y) = (node.centroid.x.rounded(), node.centroid.y.rounded())
            return names.failure(
                "\(name) lies at x \(x), y \(y), where the label image has no object",
                advice: images
            )
        case .painted:
            return names.failure(
                "\(name) has no pixels: its outline lies outside of the image or between pixels, or others cover it",
                advice: "remove it, or " + images
            )
        }
    }
}

/// The names that nodes have in their file, for messages.
struct NodeNames: Sendable {
    /// The file.
    let path: String
    /// What the file calls a node.
    let noun: String
    /// The names of nodes by their numbers; empty where both are the same.
    var names: [LineageNode.ID: String] = [:]

    /// - Parameter numbers: The numbers of nodes by their names in the file.
    init<Name: FixedWidthInteger>(path: String, noun: String, _ numbers: [Name: Int]) {
        (self.path, self.noun) = (path, noun)
        guard numbers.contains(where: { Int(exactly: $0) != $1 }) else { return }
        for (name, number) in numbers { names[LineageNode.ID(number)] = "\(name)" }
    }

    /// A node as the file calls it, such as `spot 117`.
    subscript(id: LineageNode.ID) -> String { "\(noun) \(names[id] ?? "\(id)")" }

    func failure(
        _ problem: String,
        advice: String,
        kind: TrackFileError.Kind = .mismatch
    ) -> TrackFileError {
        TrackFileError(kind, path: path, problem, advice: advice)
    }
}

extension LabelImage {
    /// The label at the centroid of a node, or the nearest one within its radius; 0 for none.
    fileprivate func label(at node: LineageNode) -> UInt32 {
        let center = node.centroid
        let radius = min((Double(node.area) / .pi).squareRoot(), Double(size.longestSide))
        func pixels(_ middle: Double, _ count: Int) -> ClosedRange<Int>? {
            // Far outside, a coordinate is no whole number of 64 bits.
            guard middle > -1 - radius, middle < Double(count) + radius else { return nil }
            let first = max(Int((middle - radius).rounded()), 0)
            let last = min(Int((middle + radius).rounded()), count - 1)
            return first <= last ? first...last : nil
        }
        guard let columns = pixels(center.x, size.width), let rows = pixels(center.y, size.height)
        else { return 0 }
        let middle = (x: Int(center.x.rounded()), y: Int(center.y.rounded()))
        var best: (distance: Double, label: UInt32) = (.infinity, 0)
        for y in rows {
            for x in columns where self[x: x, y: y] != 0 {
                if (x, y) == middle { return self[x: x, y: y] }
                let (dx, dy) = (Double(x) - center.x, Double(y) - center.y)
                let distance = (dx * dx + dy * dy).squareRoot()
                if distance <= radius, distance < best.distance {
                    best = (distance, self[x: x, y: y])
                }
            }
        }
        return best.label
    }
}
