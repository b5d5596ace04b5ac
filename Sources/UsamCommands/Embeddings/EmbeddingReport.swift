import Imaging
import Prompting
import Segmentation

/// What became of the embeddings of one image.
package struct EmbeddingReport: Encodable, Sendable {
    package let input: String
    package let output: String
    package var width: Int?
    package var height: Int?
    package var planes: Int?
    package var tileShape: [Int]?
    package var halo: [Int]?
    package var computed = 0
    package var reused = 0
    package var seconds = 0.0
    package var warnings: [String] = []
    package var error: String?

    init(_ item: EmbeddingPlan.Item) {
        input = item.input
        output = item.output
    }

    init(failure: any Error, _ item: EmbeddingPlan.Item) {
        self.init(item)
        let message = describe(failure, naming: [item.input, item.output])
        let isNamed = message.contains(item.input) || message.contains(item.output)
        error = isNamed ? message : "\(item.input): \(message)"
    }

    /// How the image is divided, for people: before the work begins.
    static func announcement(_ input: String, _ size: Size, _ tiling: TilingOptions?) -> String? {
        guard let tiling, let blocking = try? tiling.blocking(of: size) else { return nil }
        return "\(input): \(size) pixels, divided into \(blocking.count) \(tiling.summary); "
            + "--tile-shape and --halo change this, --tile-shape none turns it off"
    }

    /// One line of results.
    var line: String {
        let count = Wording.count(computed + reused, "embedding")
        let what =
            computed == 0
            ? "\(count), complete already"
            : reused == 0 ? count : "\(count), \(reused) of them there already"
        return "\(output): \(what), \(Wording.duration(seconds))"
    }
}
