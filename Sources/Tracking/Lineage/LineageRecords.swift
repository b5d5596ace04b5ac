public import Imaging

/// The tracks of a graph as a table, and the numbers that objects have in label images that belong to it.
public struct LineageRecords: Hashable, Sendable {
    /// The tracks, by number.
    public let records: [TrackRecord]

    private let numbers: [Int: [UInt32: UInt32]]

    fileprivate init(_ records: [TrackRecord], _ numbers: [Int: [UInt32: UInt32]]) {
        self.records = records.sorted { $0.id < $1.id }
        self.numbers = numbers
    }

    /// The numbers of the objects of a frame in the table, by their labels in the graph.
    public func numbers(inFrame frame: Int) -> [UInt32: UInt32] { numbers[frame] ?? [:] }
}

/// What becomes of an object that is missing for some frames, in a table of tracks.
public enum TrackGaps: String, Hashable, Codable, Sendable {
    /// It is a new track afterwards, whose parent is the one before: what the Cell Tracking Challenge asks for.
    case newTracks
    /// It keeps its number.
    case sameTrack
}

extension LineageGraph {
    /// The graph as a table of tracks.
    ///
    /// Tracks have their numbers. What comes after a gap has a number beyond all others, if it needs one.
    ///
    /// - Throws: ``LineageError/noNumberLeft`` if gaps need more numbers than there are.
    public func records(gaps: TrackGaps = .newTracks) throws(LineageError) -> LineageRecords {
        let tracks = tracks()
        var next = UInt64(tracks.last?.number ?? 0)
        var records: [TrackRecord] = []
        var lasts: [UInt32: UInt32] = [:]
        var numbers: [Int: [UInt32: UInt32]] = [:]
        for track in tracks {
            var record = TrackRecord(
                id: track.number,
                first: track.frames.lowerBound,
                last: track.frames.lowerBound
            )
            for node in track.nodes.compactMap({ self[$0] }) {
                if gaps == .newTracks, node.frame > record.last + 1 {
                    records.append(record)
                    next += 1
                    guard let id = UInt32(exactly: next) else { throw .noNumberLeft }
                    record = TrackRecord(
                        id: id,
                        first: node.frame,
                        last: node.frame,
                        parent: record.id
                    )
                }
                record.last = node.frame
                numbers[node.frame, default: [:]][node.label] = record.id
            }
            records.append(record)
            lasts[track.number] = record.id
        }
        // Daughters come from the last part of their mother.
        let parents = Dictionary(
            uniqueKeysWithValues: tracks.map { ($0.number, $0.parent.flatMap { lasts[$0] }) }
        )
        for index in records.indices {
            if let parent = parents[records[index].id] { records[index].parent = parent }
        }
        return LineageRecords(records, numbers)
    }
}

/// Makes a graph of a table of tracks and label images in which objects have the numbers of their tracks, frame by frame.
///
/// A track whose parent has no other child continues it: both are one track of the graph, which has the number of the
/// parent. Frames without the object between the first and the last of a track are gaps.
public struct LineageAssembly: Sendable {
    private let records: [UInt32: TrackRecord]
    private var nodes: [LineageNode] = []
    private var links: [(parent: LineageNode.ID, child: LineageNode.ID)] = []
    private var firsts: [LineageNode.ID: UInt32] = [:]
    private var lasts: [UInt32: LineageNode] = [:]
    private var frame = 0

    /// Begins with a table.
    ///
    /// - Throws: ``LineageError`` if a number comes twice, or a parent does not exist or does not end before its daughters begin.
    public init(_ records: [TrackRecord]) throws(LineageError) {
        var byNumber: [UInt32: TrackRecord] = [:]
        for record in records where byNumber.updateValue(record, forKey: record.id) != nil {
            throw .trackTwice(record.id)
        }
        for record in records {
            guard let parent = record.parent else { continue }
            guard let mother = byNumber[parent] else { throw .unknownParent(parent, of: record.id) }
            guard mother.last < record.first else { throw .parentNotBefore(parent, of: record.id) }
        }
        self.records = byNumber
    }

    /// Adds the objects of the next frame.
    ///
    /// - Throws: ``LineageError`` if an object belongs to no track.
    public mutating func add(_ objects: [ObjectMeasurement]) throws(LineageError) {
        for object in objects {
            guard let record = records[object.label], record.first <= frame, frame <= record.last
            else { throw .objectWithoutTrack(frame: frame, label: object.label) }
            let node = LineageNode(id: LineageNode.ID(nodes.count), frame: frame, object)
            if let before = lasts[record.id] {
                links.append((before.id, node.id))
            } else {
                guard frame == record.first else {
                    throw .trackWithoutObject(record.id, frame: record.first)
                }
                firsts[node.id] = record.id
                if let mother = record.parent.flatMap({ lasts[$0] }) {
                    links.append((mother.id, node.id))
                }
            }
            lasts[record.id] = node
            nodes.append(node)
        }
        frame += 1
    }

    /// The graph; the names of its nodes are in the order of frames and labels.
    ///
    /// - Throws: ``LineageError/trackWithoutObject(_:frame:)`` for a track without an object in its first or last frame.
    public consuming func finish() throws(LineageError) -> LineageGraph {
        for record in records.values.sorted(by: { $0.id < $1.id }) {
            guard let last = lasts[record.id] else {
                throw .trackWithoutObject(record.id, frame: record.first)
            }
            guard last.frame == record.last else {
                throw .trackWithoutObject(record.id, frame: record.last)
            }
        }
        var graph = try LineageGraph(nodes: nodes, links: links, numbers: firsts)
        // Numbers of the table that are none of the graph are not given to others.
        graph.nextNumber = max(graph.nextNumber, 1 + Int(records.keys.max() ?? 0))
        return graph
    }
}

extension LineageGraph {
    /// Makes a graph of a table of tracks and the objects of each frame, whose labels are the numbers of their tracks.
    ///
    /// - Throws: ``LineageError`` as ``LineageAssembly``.
    public init(
        _ records: [TrackRecord],
        objects: [[ObjectMeasurement]]
    ) throws(LineageError) {
        var assembly = try LineageAssembly(records)
        for frame in objects { try assembly.add(frame) }
        self = try assembly.finish()
    }
}
