/// What is written of a tracked movie, each under a name of its own in the folder of results.
public enum TrackResultKind: String, CaseIterable, Hashable, Codable, Sendable {
    /// A stack of label images in which an object has the number of its track: `tracks.tif`.
    case labels = "tif"
    /// A folder of the Cell Tracking Challenge: `ctc`.
    case challenge = "ctc"
    /// The graph of objects: `tracks.geff`.
    case graph = "geff"
    /// A file for TrackMate: `tracks.xml`.
    case trackMate = "trackmate"
    /// A table of tracks, one of their objects, and one of places that look wrong: `tracks.csv`, `objects.csv` and
    /// `suspicious.csv`.
    case tables = "csv"
    /// The lineage trees: `lineages.svg`.
    case trees = "svg"
    /// A page with a small movie of contours, and the lineage trees: `report.html`.
    case report = "html"

    /// The names in the folder.
    public var names: [String] {
        switch self {
        case .labels: ["tracks.tif"]
        case .challenge: ["ctc"]
        case .graph: ["tracks.geff"]
        case .trackMate: ["tracks.xml"]
        case .tables: ["tracks.csv", "objects.csv", "suspicious.csv"]
        case .trees: ["lineages.svg"]
        case .report: ["report.html"]
        }
    }
}
