import Foundation
public import Imaging
public import Prompting

extension AutomaticState {
    /// What looks odd about the objects that were found; nil if nothing does.
    ///
    /// - Parameters:
    ///   - labels: What ``labels(_:_:)`` gave for the options.
    public func hint(
        _ labels: LabelImage,
        _ options: AutomaticSegmentationOptions
    ) throws -> WorkDecision? {
        switch try mode(of: options) {
        case .maskGeneration: maskCandidates.flatMap { Self.hint(labels, $0, options.filter) }
        case .instanceDecoder, .generatedPrompts:
            try instanceMaps.flatMap { try Self.hint(labels, $0) }
        }
    }

    /// Why a grid of points has found nothing.
    private static func hint(
        _ labels: LabelImage,
        _ candidates: MaskCandidates,
        _ options: MaskFilterOptions
    ) -> WorkDecision? {
        guard labels.labels.allSatisfy({ $0 == 0 }) else { return nil }
        let masks = candidates.allCandidates
        let good = masks.filter { $0.score > options.scoreThreshold }
        guard let stable = good.map(\.stability).max() else {
            let best = masks.map(\.score).max()
            return WorkDecision(
                .noGoodMask,
                "no objects: no mask is expected to be better than \(options.scoreThreshold)"
                    + (best.map { String(format: ", and the best is %.2f", $0) } ?? "")
            )
        }
        guard stable < options.stabilityThreshold else { return nil }
        let text = String(
            format:
                "no objects: the masks of this model reach a stability of %.2f, but %g is required",
            stable,
            options.stabilityThreshold
        )
        return WorkDecision(.noStableMask, text, threshold: (stable * 20).rounded(.down) / 20)
    }

    /// Less of what may be an object than this is in objects where a model is not sure of itself.
    private static let leastShare = 0.35

    /// Objects of this width in pixels are specks.
    private static let speckWidth = 4.0

    /// Whether the maps of the decoder are those of an image unlike all that the model knows.
    private static func hint(_ labels: LabelImage, _ maps: InstanceMaps) throws -> WorkDecision? {
        var areas: [UInt32: Int] = [:]
        for label in labels.labels where label != 0 { areas[label, default: 0] += 1 }
        let unfamiliar = "the image may be unlike those that the model was trained on"
        guard !areas.isEmpty else {
            return WorkDecision(.unfamiliar, "no objects were found; \(unfamiliar)")
        }
        let sorted = areas.values.sorted()
        let width = 2 * (Double(sorted[sorted.count / 2]) / .pi).squareRoot()
        if width < speckWidth {
            return WorkDecision(
                .unfamiliar,
                String(format: "half of the objects are less than %.0f pixels wide; ", width + 1)
                    + unfamiliar
            )
        }
        let seen = maps.foreground.samples.count { $0 > FirstLook.leastForeground }
        let taken = areas.values.reduce(0, +)
        guard Double(taken) < leastShare * Double(seen) else { return nil }
        return WorkDecision(
            .unfamiliar,
            "the model is unsure about most of the image; \(unfamiliar)"
        )
    }
}
