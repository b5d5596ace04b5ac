/// One line of the table of a Cell Tracking Challenge folder: a track, when it is seen, and where it comes from.
///
/// A track is one object from its appearance or its birth to its end or its division. Objects of the label images of all its frames
/// have its number. Frames in between may be missing.
///
/// - Source: Ulman et al., An objective comparison of cell-tracking algorithms (Nature Methods 14, 1141, 2017).
public struct TrackRecord: Hashable, Codable, Sendable {
    /// The number of the track, and its label in every frame; not 0.
    public var id: UInt32

    /// First frame, counted from 0.
    public var first: Int

    /// Last frame, at least ``first``.
    public var last: Int

    /// The track that this one continues, usually by a division; nil for none.
    public var parent: UInt32?

    /// Creates the record of a track.
    public init(id: UInt32, first: Int, last: Int, parent: UInt32? = nil) {
        self.id = id
        self.first = first
        self.last = last
        self.parent = parent
    }
}
