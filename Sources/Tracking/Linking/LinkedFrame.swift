/// What a linker says about a frame, or, without objects, at the end of a movie.
public struct LinkedFrame: Hashable, Sendable {
    /// The position of the first detection of the frame among those of all frames.
    public var first: Int

    /// The objects of the frame, ordered by label.
    public var detections: [Detection]

    /// Links that have become final, ordered by target and then by source; positions count the detections of all frames.
    public var links: [Link]

    /// The links to the objects of the last frames that were looked at: for each object the chosen one, and the best other one.
    ///
    /// Weights are scores of the linker. That of the other link contains what other links of the frame lose with it, so the difference of the two
    /// is what the whole frame loses. A link that was chosen here can still be given up.
    public var candidates: [CandidateEdge]

    /// Names the objects of a frame, and links.
    public init(
        first: Int,
        detections: [Detection],
        links: [Link],
        candidates: [CandidateEdge] = []
    ) {
        self.first = first
        self.detections = detections
        self.links = links
        self.candidates = candidates
    }
}
