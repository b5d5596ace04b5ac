import Files
public import Jobs
public import Prompting

extension BatchReport {
    /// `12 images: 10 segmented, 1 skipped, 1 failed; 431 objects in 14.2 s`.
    public var summary: String {
        let images = Wording.count(counts.images, "image")
        if counts.skipped > 0, counts.skipped == counts.images {
            return
                "\(images): \(counts.skipped) skipped, because the results exist and belong to these "
                + "images (--force replaces them)"
        }
        let fates = [
            (counts.segmented, "segmented"), (counts.skipped, "skipped (already done)"),
            (counts.failed, "failed"), (counts.remaining, "not tried"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
        guard counts.segmented > 0 else { return "\(images): \(fates)" }
        return "\(images): \(fates); \(Wording.count(counts.objects, "object")) in "
            + Wording.duration(totalSeconds)
    }

    /// The last lines on standard output: what was done, and where the time went.
    ///
    /// A single image that failed has nothing to sum up.
    public var summaryLines: [String] {
        guard counts.segmented > 0 || counts.images > 1 else { return [] }
        return [summary] + (seconds.text.isEmpty ? [] : ["time: \(seconds.text)"])
    }
}

extension StageTimes {
    /// `encode 1.20 s, decode 0.31 s, …`, in order.
    public var text: String {
        WorkStage.allCases.compactMap { stage in
            seconds[stage].map { "\(stage.title) \(Wording.duration($0))" }
        }
        .joined(separator: ", ")
    }
}

extension WorkStage {
    /// For progress: what is going on.
    public var activity: String {
        switch self {
        case .modelLoad: "loading the model"
        case .read: "reading"
        case .prepare: "preparing"
        case .encode: "encoding"
        case .decode: "decoding"
        case .segment: "finding objects"
        case .write: "writing"
        }
    }

    /// For the summary: the name of the step.
    fileprivate var title: String { self == .modelLoad ? "load model" : rawValue }
}
