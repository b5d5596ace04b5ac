import Files
import Imaging
public import Tracking

/// Tracks as the tracks layer of napari takes them: rows of track, frame, y and x, and the parents of tracks.
///
/// - Source: napari, documentation of the tracks layer.
public struct NapariTracks: Hashable, Sendable {
    /// A row of the layer.
    public struct Row: Hashable, Sendable {
        /// The number of the track.
        public let track: UInt32
        /// The frame.
        public let frame: Int
        /// The centroid, in pixels.
        public let y: Double
        /// The centroid, in pixels.
        public let x: Double
    }

    /// The rows, by track and frame.
    public let rows: [Row]

    /// The parent of each track that has one: daughters point to their mothers, as napari wants it.
    public let parents: [UInt32: [UInt32]]

    /// Takes the tracks of a graph.
    public init(_ graph: LineageGraph) {
        let tracks = graph.tracks()
        rows = tracks.flatMap { track in
            track.nodes.compactMap { graph[$0] }.map { node in
                Row(
                    track: track.number,
                    frame: node.frame,
                    y: node.centroid.y,
                    x: node.centroid.x
                )
            }
        }
        let pairs = tracks.compactMap { track in track.parent.map { (track.number, [$0]) } }
        parents = Dictionary(uniqueKeysWithValues: pairs)
    }

    /// The rows as CSV with the columns `ID`, `T`, `Y`, `X`, and the parent of the track as a fifth.
    public var csv: String {
        let rows = rows.map { row in
            let parent = parents[row.track]?.first.map { "\($0)" } ?? ""
            return ["\(row.track)", "\(row.frame)", "\(row.y)", "\(row.x)", parent]
        }
        return CSVTable(header: ["ID", "T", "Y", "X", "parent"], rows: rows).text
    }
}
