import Files
import Foundation
import ImageFormats
import Imaging
import Plots
import Tracking

/// A page that shows a tracked movie: a small movie of contours, the lineage trees, and the numbers.
///
/// The page needs no other file. Long movies are shown by some of their frames.
struct TrackReport {
    private let title: String
    private let facts: [(name: String, value: String)]

    /// The lineage trees as an element of a page.
    var trees = ""

    private let shown: [Int]
    private var pictures: [(frame: Int, data: Data)] = []

    /// Pictures of the small movie.
    private static let mostPictures = 100

    /// Pixels of the longest side of a picture.
    private static let side = 400

    /// - Parameter frames: Number of frames of the movie.
    init(title: String, frames: Int, facts: [(name: String, value: String)]) {
        (self.title, self.facts) = (title, facts)
        let step = max((frames + Self.mostPictures - 1) / Self.mostPictures, 1)
        shown = Array(stride(from: 0, to: frames, by: step))
    }

    /// Whether a frame is one of those that are shown.
    func shows(_ frame: Int) -> Bool { shown.contains(frame) }

    /// Adds the picture of a frame.
    mutating func add(_ labels: LabelImage, on image: AnyRaster, frame: Int) throws {
        var options = OverlayOptions()
        let scale = max(Double(labels.size.longestSide) / Double(Self.side), 1)
        options.contourWidth = Int(scale.rounded(.up))
        let drawn = try labels.overlay(on: image.renderedForDisplay(), options)
        let size = Size(
            width: max(Int((Double(drawn.size.width) / scale).rounded()), 1),
            height: max(Int((Double(drawn.size.height) / scale).rounded()), 1)
        )
        pictures.append((frame, try AnyRaster.uint8(drawn.resized(to: size)).pngData()))
    }

    /// The page.
    var html: String {
        let rows = facts.map {
            "<tr><th>\($0.name.escapedForMarkup)</th><td>\($0.value.escapedForMarkup)</td></tr>"
        }
        return HTMLPage.text(
            title: title,
            """
            <h1>\(title.escapedForMarkup)</h1>
            \(player)
            <h2>Lineages</h2>
            \(trees)
            <h2>Run</h2>
            <table>\(rows.joined())</table>
            """
        )
    }

    /// The small movie: the first picture without scripts, all of them with.
    private var player: String {
        guard let first = pictures.first else { return "" }
        let sources = pictures.map {
            "[\($0.frame),\"\($0.data.base64EncodedString())\"]"
        }
        return """
            <figure style="max-width:\(Self.side)px">
            <img id="frame" alt="A frame with the contours of its objects" \
            src="data:image/png;base64,\(first.data.base64EncodedString())">
            <figcaption><button id="play" type="button">Play</button>
            <input id="time" type="range" min="0" max="\(pictures.count - 1)" value="0" aria-label="Frame">
            <span id="number">frame 0</span></figcaption>
            </figure>
            <p>An object keeps its colour from its appearance to its end or its division.</p>
            <script>
            const frames = [\(sources.joined(separator: ","))];
            const [image, slider, number, play] = ["frame", "time", "number", "play"].map((id) => document.getElementById(id));
            let timer = null;
            function show() {
              const [frame, data] = frames[slider.value];
              image.src = "data:image/png;base64," + data;
              number.textContent = "frame " + frame;
            }
            function pause() { clearInterval(timer); timer = null; play.textContent = "Play"; }
            slider.oninput = () => { pause(); show(); };
            play.onclick = () => {
              if (timer) { pause(); return; }
              play.textContent = "Pause";
              timer = setInterval(() => { slider.value = (Number(slider.value) + 1) % frames.length; show(); }, 200);
            };
            </script>
            """
    }
}
