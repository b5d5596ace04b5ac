import ArgumentParser
import Presentation
import Prompting

extension GivenPrompts {
    private var placedPositives: [PromptList.Placed] {
        points.filter { !$0.prompt.isNegative }.map { ($0.slice, $0.prompt) }
            + boxes.map { ($0.slice, .box($0.box)) }
            + ellipses.map { ($0.slice, .ellipse($0.box)) }
            + polygons.map { ($0.slice, .polygon($0.points)) }
            + scribbles.map { ($0.slice, .scribble($0.points, .positive)) }
    }

    private var placedNegatives: [PromptList.Placed] {
        points.filter(\.prompt.isNegative).map { ($0.slice, $0.prompt) }
            + negativeScribbles.map { ($0.slice, .scribble($0.points, .negative)) }
    }

    /// The prompts in a volume.
    var volumeList: PromptList { list(placedPositives, negatives: placedNegatives) }

    /// Checks prompts in a volume or a movie.
    ///
    /// - Parameter plane: The slice or the frame of prompts without one.
    func requireInVolume(plane: Int?, isMovie: Bool) throws {
        let all = placedPositives + placedNegatives
        if plane == nil, all.contains(where: { $0.slice == nil }) {
            throw ValidationError(
                isMovie
                    ? "A prompt has no frame: write t,y,x or t,y0,x0,y1,x1, or name the frame with --t."
                    : "A prompt has no slice: write z,y,x or z,y0,x0,y1,x1, or name the slice with --z."
            )
        }
        if allPrompts {
            throw ValidationError(
                "--all-prompts does not apply to volumes and movies; leave it out."
            )
        }
        try requireUsable(
            positives: placedPositives.map(\.prompt),
            negatives: placedNegatives.map(\.prompt)
        )
    }
}
