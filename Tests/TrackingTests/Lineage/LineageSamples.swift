import Imaging
import Tracking

typealias ID = LineageNode.ID

/// A node whose name, label and place follow from a number.
func node(_ id: Int, frame: Int, label: UInt32? = nil, x: Double? = nil, area: Int = 20)
    -> LineageNode
{
    LineageNode(
        id: ID(id),
        frame: frame,
        label: label ?? UInt32(id + 1),
        centroid: Point(x: x ?? Double(10 * id), y: Double(frame)),
        area: area,
        box: Region(x: 10 * id - 2, y: frame, width: 5, height: 4)
    )
}

/// A graph of nodes named by their positions: the frame of each, and the node that it comes from, -1 for none.
func graph(_ places: [(frame: Int, parent: Int)]) throws -> LineageGraph {
    try LineageGraph(
        nodes: places.enumerated().map { node($0, frame: $1.frame) },
        links: places.enumerated().filter { $1.parent >= 0 }.map { (ID($1.parent), ID($0)) }
    )
}

/// Objects that walk, appear, vanish, miss frames and divide.
func randomGraph(_ random: inout SplitMix64, frames: Int, objects: Int) throws -> LineageGraph {
    var nodes: [LineageNode] = []
    var links: [(parent: ID, child: ID)] = []
    var alive: [Int] = []
    for frame in 0..<frames {
        var next: [Int] = []
        func add(_ parent: Int?) {
            let id = nodes.count
            nodes.append(
                node(
                    id,
                    frame: frame,
                    label: UInt32(next.count + 1),
                    area: Int.random(in: 5...50, using: &random)
                )
            )
            if let parent { links.append((ID(parent), ID(id))) }
            next.append(id)
        }
        // Every seventh frame is empty, so all objects have a gap there.
        guard frame % 7 != 6 else { continue }
        for parent in alive {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: break
            case 1: for _ in 0..<2 { add(parent) }
            case 2: for _ in 0..<3 { add(parent) }
            default: add(parent)
            }
        }
        while next.count < objects { add(nil) }
        alive = Array(next.prefix(objects))
    }
    return try LineageGraph(nodes: nodes, links: links)
}

/// What is wrong with a graph by the rules, found out from its public face alone; nil for nothing.
func violation(_ graph: LineageGraph) -> String? {
    let nodes = graph.nodes
    guard nodes.count == graph.count else { return "count" }
    var places: Set<[Int]> = []
    for node in nodes {
        guard graph[node.id] == node else { return "name \(node.id)" }
        guard places.insert([node.frame, Int(node.label)]).inserted else { return "place twice" }
        guard graph.node(frame: node.frame, label: node.label) == node else { return "place" }
        if let parent = graph.parent(of: node.id) {
            guard let mother = graph[parent] else { return "parent is missing" }
            guard mother.frame < node.frame else { return "not forward" }
            guard graph.children(of: parent).contains(node.id) else { return "child is missing" }
        }
        for child in graph.children(of: node.id) where graph.parent(of: child) != node.id {
            return "parent of a child"
        }
    }
    for frame in Set(nodes.map(\.frame)) {
        guard
            graph.nodes(inFrame: frame)
                == nodes.filter({ $0.frame == frame })
                .sorted(by: { $0.label < $1.label })
        else { return "nodes of frame \(frame)" }
    }
    return tracksViolation(graph)
}

/// Every node is in one track, tracks are as long as they can be, and point forward.
private func tracksViolation(_ graph: LineageGraph) -> String? {
    let tracks = graph.tracks()
    var seen: Set<ID> = []
    guard Set(tracks.map(\.number)).count == tracks.count else { return "number twice" }
    guard !tracks.map(\.number).contains(0) else { return "number 0" }
    for track in tracks {
        for (one, other) in zip(track.nodes, track.nodes.dropFirst()) {
            guard graph.children(of: one) == [other] else { return "track \(track.number)" }
        }
        guard let last = track.nodes.last, graph.children(of: last).count != 1 else {
            return "track \(track.number) could be longer"
        }
        if let parent = graph.parent(of: track.nodes[0]) {
            guard graph.children(of: parent).count > 1 else { return "track could begin earlier" }
            guard track.parent == graph.trackNumber(of: parent) else { return "parent of a track" }
        }
        for id in track.nodes {
            guard seen.insert(id).inserted else { return "node in two tracks" }
            guard graph.trackNumber(of: id) == track.number else { return "number of \(id)" }
        }
        guard graph.track(track.number) == track else { return "track by number" }
    }
    guard seen.count == graph.count else { return "node in no track" }
    var before: Set<UInt32> = []
    for track in graph.tracksByLineage() {
        if let parent = track.parent, !before.contains(parent) { return "daughter before mother" }
        before.insert(track.number)
    }
    return before.count == tracks.count ? nil : "tracks by lineage"
}
