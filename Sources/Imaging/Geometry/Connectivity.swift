/// Which pixels count as neighbours on a two-dimensional grid.
public enum Connectivity2D: String, Hashable, Codable, Sendable, CaseIterable {
    /// The four pixels that share an edge.
    case edges
    /// The eight pixels that share an edge or a corner.
    case edgesAndCorners
}
