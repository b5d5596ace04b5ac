import ArgumentParser
import Jobs
import Prompting
import TrackFiles

/// What is written for each image.
struct ResultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Results to write: tif and ome-zarr (label images), coco, geojson (QuPath), roi (ImageJ), csv (measurements), "
                + "stl and obj (surfaces, with --volume); separated by commas.",
            discussion: "Default: the format of the output's name, otherwise tif.",
            valueName: "formats"
        ),
        completion: .list(ResultKind.formats.map(\.rawValue))
    )
    var format: FormatList?

    @Flag(
        help: ArgumentHelp(
            "Also write a picture with the contours of all objects: NAME_overlay.png.",
            discussion: "With --each-plane it is NAME_overlay.tif, with a page for each plane."
        )
    )
    var overlay = false

    @Option(
        help: ArgumentHelp("A separate folder for the pictures of --overlay.", valueName: "folder"),
        completion: .directory
    )
    var overlayFolder: String?

    @Option(
        help: ArgumentHelp(
            "The manifest, a record to continue or repeat the run.",
            discussion:
                "Default: manifest.jsonl in the output folder, or NAME.manifest.jsonl beside a single file.",
            valueName: "file"
        ),
        completion: .file()
    )
    var manifest: String?

    /// Where results go.
    func request(output: String) -> OutputPlan.Request {
        OutputPlan.Request(
            output: output,
            formats: format?.kinds,
            drawsOverlay: overlay,
            overlayFolder: overlayFolder
        )
    }
}

/// Kinds of results that users name.
protocol NamedKind: RawRepresentable<String>, Hashable, Sendable {
    /// Those that can be named.
    static var named: [Self] { get }
}

extension ResultKind: NamedKind { static var named: [ResultKind] { formats } }
extension TrackResultKind: NamedKind { static var named: [TrackResultKind] { allCases } }

/// Kinds of results, as the user writes them.
struct KindList<Kind: NamedKind>: Hashable, Sendable, ExpressibleByArgument {
    let kinds: [Kind]

    static var allValueStrings: [String] { Kind.named.map(\.rawValue) }

    init?(argument: String) {
        let words = argument.split(separator: ",", omittingEmptySubsequences: false)
        kinds = words.compactMap { word in
            Kind.named.first { $0.rawValue == word.lowercased() }
        }
        guard kinds.count == words.count, Set(kinds).count == kinds.count else { return nil }
    }
}

typealias FormatList = KindList<ResultKind>
typealias TrackFormatList = KindList<TrackResultKind>
