import Tracking

/// The tracks of one side, as the label images show them; the table adds their parents.
struct TrackSet {
    /// An object through time.
    struct Track {
        let id: UInt32
        /// The frames in which it is seen, ascending; never empty.
        var frames: [Int]
        /// Where its parent stands; the parent ends before the track begins.
        var parent: Int?
        /// Where its children stand.
        var children: [Int] = []

        var first: Int { frames[0] }
        var last: Int { frames[frames.count - 1] }
        var divides: Bool { children.count > 1 }
    }

    /// All tracks that are seen, by their number.
    private(set) var tracks: [Track]

    /// What is wrong with them, in the order of the cases and of the tracks.
    private(set) var issues: [TrackIssue] = []

    /// Where each track stands.
    let places: [UInt32: Int]

    /// Brings the table and the label images together.
    ///
    /// - Parameter frames: The labels that are seen in each frame.
    init(_ records: [TrackRecord], seenIn frames: [[UInt32]]) {
        var seen: [UInt32: [Int]] = [:]
        for (frame, labels) in frames.enumerated() {
            for label in labels { seen[label, default: []].append(frame) }
        }
        tracks = seen.map { Track(id: $0, frames: $1) }.sorted { $0.id < $1.id }
        places = Dictionary(
            uniqueKeysWithValues: tracks.enumerated().map { ($1.id, $0) }
        )
        if tracks.isEmpty { issues.append(.empty) }
        var listed: [UInt32: TrackRecord] = [:]
        for record in records.sorted(by: { $0.id < $1.id }) {
            if listed[record.id] == nil {
                listed[record.id] = record
            } else if issues.last != .repeated(track: record.id) {
                issues.append(.repeated(track: record.id))
            }
        }
        let ids = Set(listed.keys).union(seen.keys).sorted()
        for id in ids { compare(id, listed[id], seen[id] ?? []) }
        for id in ids { connect(listed[id]) }
    }

    /// Notes where the table and the label images disagree about a track.
    private mutating func compare(_ id: UInt32, _ record: TrackRecord?, _ seen: [Int]) {
        if let record, record.last < record.first {
            issues.append(.reversed(track: id, first: record.first, last: record.last))
        }
        let listed = record.map { $0.first..<max($0.last + 1, $0.first) } ?? 0..<0
        let inside = seen.filter { listed.contains($0) }
        if inside.count < listed.count {
            let gap = zip(inside, listed).first { $0 != $1 }?.1
            issues.append(
                .missing(
                    track: id,
                    frames: listed.count - inside.count,
                    first: gap ?? listed.lowerBound + inside.count
                )
            )
        }
        if let outside = seen.first(where: { !listed.contains($0) }) {
            issues.append(
                .unlisted(track: id, frames: seen.count - inside.count, first: outside)
            )
        }
    }

    /// Takes the parent of a track from the table.
    private mutating func connect(_ record: TrackRecord?) {
        guard let record, let parent = record.parent, let child = places[record.id] else { return }
        guard let place = places[parent] else {
            issues.append(.parentUnknown(track: record.id, parent: parent))
            return
        }
        guard tracks[place].last < tracks[child].first else {
            issues.append(
                .parentNotBefore(
                    track: record.id,
                    first: tracks[child].first,
                    parent: parent,
                    last: tracks[place].last
                )
            )
            return
        }
        tracks[child].parent = place
        tracks[place].children.append(child)
    }

    /// The number of the cell that each track is a part of.
    ///
    /// A track that is the only child of its parent is the same cell, seen again after a gap.
    var cells: (ofTrack: [Int], parents: [Int?]) {
        var cells = Array(repeating: -1, count: tracks.count)
        var parents: [Int?] = []
        // Parents come first, because they end before.
        for place in tracks.indices.sorted(by: { tracks[$0].first < tracks[$1].first }) {
            let parent = tracks[place].parent
            if let parent, !tracks[parent].divides {
                cells[place] = cells[parent]
            } else {
                cells[place] = parents.count
                parents.append(parent.map { cells[$0] })
            }
        }
        return (cells, parents)
    }
}
