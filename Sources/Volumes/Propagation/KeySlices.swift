import Prompting

/// What the prompts of an object say about its slices.
struct KeySlices {
    /// What is known of a slice.
    enum Kind: Hashable {
        /// There are prompts of the object.
        case prompted
        /// The object is not there.
        case stop
    }

    /// The slices that something is known of, in ascending order.
    let slices: [(number: Int, kind: Kind)]

    /// The slices with prompts of the object.
    var prompted: [Int] { slices.filter { $0.kind == .prompted }.map(\.number) }

    /// Reads the prompts of an object.
    ///
    /// - Throws: ``VolumePromptError`` if there is no prompt of the object itself, or one lies in a slice that is left out.
    init(
        _ object: VolumeObject,
        in range: ClosedRange<Int>,
        _ options: PropagationOptions
    ) throws(VolumePromptError) {
        let numbers = object.prompts.filter { !$0.value.isEmpty }.keys.sorted()
        if let outside = numbers.first(where: { !range.contains($0) }) {
            throw .sliceOutside(object: object.id, slice: outside, slices: range)
        }
        let found = numbers.map { number in
            let prompts = object.prompts[number] ?? []
            let isStop =
                options.followsReference
                ? Self.isStopOfReference(prompts) : prompts.allSatisfy(\.isNegative)
            return (number: number, kind: isStop ? Kind.stop : .prompted)
        }
        // micro-sam takes no notice of a stop between other prompts.
        slices =
            options.followsReference
            ? found.enumerated().filter { place, slice in
                slice.kind == .prompted || place == 0 || place == found.count - 1
            }.map(\.element) : found
        if prompted.isEmpty { throw .nothingPositive(object: object.id) }
    }

    /// A single negative point, whatever else there is.
    private static func isStopOfReference(_ prompts: [Prompt]) -> Bool {
        let points = prompts.filter { $0.kind == .point }
        return points.count == 1 && points[0].isNegative
    }
}
