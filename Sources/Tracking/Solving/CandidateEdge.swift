/// A link that is possible, and how much speaks for it.
public struct CandidateEdge: Hashable, Sendable {
    /// The two detections; the source is in the earlier frame.
    public var link: Link

    /// How much speaks for the link: higher is better.
    ///
    /// Of a network: its association in 0...1. The greedy solvers compare weights with a threshold; the integer programme subtracts
    /// them from its costs.
    public var weight: Double

    /// Allows a link.
    public init(_ link: Link, weight: Double) {
        self.link = link
        self.weight = weight
    }
}
