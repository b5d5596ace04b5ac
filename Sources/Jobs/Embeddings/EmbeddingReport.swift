/// What became of the embeddings of one image.
public struct EmbeddingReport: Encodable, Sendable {
    /// The image.
    public let input: String
    /// The folder of the store.
    public let output: String
    /// Width of the image in pixels.
    public internal(set) var width: Int?
    /// Height of the image in pixels.
    public internal(set) var height: Int?
    /// Number of planes; nil for one.
    public internal(set) var planes: Int?
    /// Height and width of the tiles; nil without tiles.
    public internal(set) var tileShape: [Int]?
    /// How far tiles reach into their neighbours, vertically and horizontally.
    public internal(set) var halo: [Int]?
    /// Number of embeddings that were computed.
    public internal(set) var computed = 0
    /// Number of embeddings that were there.
    public internal(set) var reused = 0
    /// Seconds from start to end.
    public internal(set) var seconds = 0.0
    /// What looks odd.
    public internal(set) var warnings: [String] = []
    /// Why there is no store, or none that is complete.
    public internal(set) var error: String?

    init(_ item: EmbeddingPlan.Item) {
        input = item.input
        output = item.output
    }

    init(failure: any Error, _ item: EmbeddingPlan.Item, _ wording: ErrorWording) {
        self.init(item)
        let message = ErrorText.naming([item.input, item.output], in: wording(failure))
        let isNamed = message.contains(item.input) || message.contains(item.output)
        error = isNamed ? message : "\(item.input): \(message)"
    }
}
