import Files
public import Prompting

extension WorkDecision {
    /// The decision, what it costs, and how the user can decide otherwise.
    public var words: String {
        let cost = [
            looks.map { Wording.count($0, "look") },
            seconds.map { "about \(Wording.duration(max($0, 1).rounded()))" },
        ]
        .compactMap { $0 }.joined(separator: ", ")
        return text + (cost.isEmpty ? "" : ": \(cost)") + " (\(choices))"
    }

    private var choices: String {
        switch kind {
        case .tiles: "--tile-shape chooses others, --tile-shape none takes one look"
        case .enlarged:
            if let costlyDiameter {
                "--diameter \(Int(costlyDiameter.rounded())) takes more and smaller tiles, "
                    + "--tile-shape none one look"
            } else {
                "--diameter says another diameter, --tile-shape none takes one look"
            }
        case .tooSmall: "--diameter says how wide objects are"
        case .noGoodMask: "--pred-iou-thresh lowers that"
        case .noStableMask: "--stability-score-thresh \(threshold ?? 0.5) takes them"
        case .unfamiliar:
            "'usam models list' shows other models, 'usam train' teaches one; --diameter says how wide "
                + "objects are"
        }
    }
}
