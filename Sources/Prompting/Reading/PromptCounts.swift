package import Imaging

/// How much a file of prompts holds, so that lists longer than any sensible one are refused while they
/// are read.
package struct PromptCounts: Sendable {
    /// Number of objects.
    package var objects = 0

    /// Number of prompts of all objects.
    package var prompts = 0

    /// Number of points and corners of all prompts.
    package var positions = 0

    private var rows = 0.0

    /// Rows of pixels that the edges of all outlines cross.
    package var rowCount: Int { Int(min(rows, 1e18)) }

    /// Begins with nothing.
    package init() {}

    /// Adds the rows that the edges of a closed outline cross.
    package mutating func addRows(of outline: [Point<OriginalPixels>]) {
        // No image is larger, and what lies outside of it costs nothing.
        let limit = Double(1 << 24)
        func row(_ point: Point<OriginalPixels>) -> Double { max(-limit, min(point.y, limit)) }
        guard var last = outline.last(where: \.y.isFinite).map(row) else { return }
        for point in outline where point.y.isFinite {
            let next = row(point)
            rows += abs(next - last)
            last = next
        }
    }

    /// Makes sure that there are not more than are read.
    ///
    /// - Throws: ``PromptError`` that names the limit.
    package func check(_ file: String) throws(PromptError) {
        let limits: [(Int, String, Int)] = [
            (objects, "objects", PromptDocument.maximumObjectCount),
            (prompts, "prompts", PromptDocument.maximumPromptCount),
            (positions, "points and corners", PromptDocument.maximumPositionCount),
            (rowCount, "rows of pixels that outlines cross", PromptDocument.maximumRowCount),
        ]
        for (count, what, limit) in limits where count > limit {
            throw PromptError(
                .tooLarge,
                file: file,
                "\(count) \(what)",
                advice: "\(limit) are read at most; split the file"
            )
        }
    }

    /// Makes sure that an object has not more than can be used.
    ///
    /// - Throws: ``PromptError`` that names the object.
    package static func check(
        prompts: Int,
        positions: Int,
        of object: String,
        file: String
    ) throws(PromptError) {
        let limits = [
            (prompts, "prompts", PromptedObject.maximumPromptCount),
            (positions, "points and corners", PromptedObject.maximumPositionCount),
        ]
        for (count, what, limit) in limits where count > limit {
            throw PromptError(
                .tooLarge,
                file: file,
                place: object,
                "\(count) \(what)",
                advice: "an object has at most \(limit); make objects of their own of them"
            )
        }
    }
}
