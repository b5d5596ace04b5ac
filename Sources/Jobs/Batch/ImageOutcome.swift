/// How the work on an image ended, and what it took: what reports and manifests have in common.
public struct ImageOutcome: Codable, Hashable, Sendable {
    /// How the work on an image ended.
    public enum Status: String, Codable, Sendable {
        /// The result was written.
        case segmented
        /// The result was there already.
        case skipped
        /// There is no result; the error says why.
        case failed
    }

    /// How it ended.
    public var status: Status

    /// Number of objects found.
    public var objects: Int?

    /// Width of the image in pixels.
    public var width: Int?

    /// Height of the image in pixels.
    public var height: Int?

    /// Number of planes, each of which was segmented for itself; nil for one.
    public var planes: Int?

    /// Number of tiles, where objects were found tile by tile and joined; nil otherwise.
    public var tiles: Int?

    /// Those of them that an earlier run had segmented.
    public var reusedTiles: Int?

    /// How long each step took.
    public var seconds = StageTimes()

    /// What looks odd, but did not prevent a result.
    public var warnings: [String] = []

    /// Why there is no result.
    public var error: String?

    /// Begins with how it ended alone.
    public init(_ status: Status) { self.status = status }
}
