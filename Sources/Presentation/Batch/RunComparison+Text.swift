import Files
public import Jobs

extension RunComparison {
    /// Lines for a person: what differs, and the sum.
    public var text: String {
        let lines = images.filter { $0.outcome != .identical }.map { image in
            switch image.outcome {
            case .different: "\(image.input): differs: \(image.differing.joined(separator: ", "))"
            case .missing: "\(image.input): no longer has a result"
            case .new: "\(image.input): has a result now"
            case .failedAgain: "\(image.input): failed again"
            case .identical: ""
            }
        }
        let same = images.filter { $0.outcome == .identical }.count
        let sum = "\(Wording.count(images.count, "image")): \(same) with identical results"
        return (lines + [sum]).joined(separator: "\n")
    }
}
