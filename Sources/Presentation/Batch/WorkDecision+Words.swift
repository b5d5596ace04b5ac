import Files
public import Prompting

extension WorkDecision {
    /// The decision, what it costs, and how the user can decide otherwise.
    public var words: String {
        let cost = [
            looks.map { Wording.count($0, "pass", plural: "passes") },
            seconds.map { "about \(Wording.duration(max($0, 1).rounded()))" },
        ]
        .compactMap { $0 }.joined(separator: ", ")
        return text + (cost.isEmpty ? "" : ": \(cost)") + " (\(choices))"
    }

    private var choices: String {
        switch kind {
        case .tiles: "--tile-shape chooses others, --tile-shape none takes one pass"
        case .enlarged:
            if let costlyDiameter {
                "--diameter \(Int(costlyDiameter.rounded())) takes more and smaller tiles, "
                    + "--tile-shape none takes one pass"
            } else {
                "--diameter sets another diameter, --tile-shape none takes one pass"
            }
        case .tooSmall: "--diameter sets the width of the objects"
        case .pointGrid:
            "half as many points per side take a quarter of the time, and --mode ais is faster with a decoder"
        case .noGoodMask: "--pred-iou-thresh lowers this limit"
        case .noStableMask: "--stability-score-thresh \(threshold ?? 0.5) accepts them"
        case .unfamiliar:
            "'usam models list' shows other models, 'usam train' trains one; --diameter sets the width "
                + "of the objects"
        }
    }
}
