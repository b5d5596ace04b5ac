/// A connection of two detections, by their positions in a list that both ends share.
public struct Link: Hashable, Codable, Sendable {
    /// The detection in the earlier frame.
    public var source: Int

    /// The detection in the later frame.
    public var target: Int

    /// Connects two detections.
    public init(from source: Int, to target: Int) {
        self.source = source
        self.target = target
    }
}
