import Imaging
import Plots
public import Tracking

extension LineageGraph {
    /// The lineage trees as a picture (SVG): a line for each track, which has the colour of its number among labels.
    ///
    /// - Parameters:
    ///   - title: What is written above.
    ///   - width: Width in pixels; the height follows from the number of tracks.
    public func treesAsSVG(title: String = "", width: Double = 960) -> String {
        let branches = tracksByLineage().map { track in
            let color = RGBColor(label: track.number)
            let frames = track.nodes.compactMap { self[$0]?.frame }
            return TreePlot.Branch(
                id: track.number,
                parent: track.parent,
                span: track.frames,
                gaps: zip(frames, frames.dropFirst()).filter { $1 > $0 + 1 }.map { $0...$1 },
                color: "rgb(\(color.red),\(color.green),\(color.blue))",
                name: "\(track.number)"
            )
        }
        return TreePlot(branches, title: title).svg(width: width)
    }
}
