import Tracking

/// What came of a movie.
public struct TrackingSummary: Hashable, Codable, Sendable {
    /// The movie, as the user wrote it.
    public let movie: String

    /// Number of frames.
    public let frames: Int

    /// Number of objects in all frames together.
    public let objects: Int

    /// Number of tracks.
    public let tracks: Int

    /// Number of tracks that divide.
    public let divisions: Int

    /// The folder of results.
    public let output: String

    /// The files and folders in it.
    public let results: [String]
}

extension TrackedMovie {
    /// What came of the movie, with the results in their folder.
    public func summary(in results: TrackResults) -> TrackingSummary {
        let tracks = graph.tracks()
        return TrackingSummary(
            movie: movie.name,
            frames: movie.count,
            objects: graph.count,
            tracks: tracks.count,
            divisions: tracks.count { !$0.children.isEmpty },
            output: results.folder,
            results: results.names
        )
    }
}
