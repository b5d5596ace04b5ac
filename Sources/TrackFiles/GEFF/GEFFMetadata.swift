import Files
import Foundation
import Zarr

/// What the attributes of a GEFF group say.
struct GEFFMetadata {
    /// Whether edges have a direction.
    let isDirected: Bool

    /// The properties that hold frame and position.
    let time: String
    let y: String
    let x: String

    /// What positions are multiplied by to be in pixels.
    let factors: (y: Double, x: Double)

    /// The unit of positions that cannot be brought to pixels.
    let unknownUnit: String?

    /// An axis in space that is passed over.
    let omittedAxis: String?

    /// The property that holds the numbers of tracks.
    let trackProperty: String?

    /// The properties that may hold labels, the likeliest first.
    let labelProperties: [String]

    /// The label images that the graph belongs to, as a path seen from its folder.
    let labelImages: String?

    init(_ group: ZarrGroup) throws {
        let path = group.url.path
        guard let geff = try group.attributes()["geff"]?.object else {
            throw TrackFileError(
                .cannotOpen,
                path: path,
                "a Zarr group without a GEFF description",
                advice: "name the group of the graph itself, such as tracks.zarr/tracks.geff"
            )
        }
        let version = geff["geff_version"]?.string ?? ""
        guard version.hasPrefix("1.") else {
            throw TrackFileError(
                .unsupported,
                path: path,
                "GEFF of version '\(version.prefix(40))'",
                advice: "version 1 is read; convert it with the Python library geff"
            )
        }
        isDirected = geff["directed"]?.bool ?? true
        let axes = (geff["axes"]?.array ?? []).compactMap { GEFFAxis($0) }
        let space = axes.filter { $0.type == "space" }
        guard axes.isEmpty || (2...3).contains(space.count) else {
            throw TrackFileError(
                .unsupported,
                path: path,
                "a graph of \(space.count) axes in space",
                advice: "graphs with y and x are read"
            )
        }
        time = axes.first { $0.type == "time" }?.name ?? "t"
        // The order of axes is that of the image: x is last.
        let plane = space.suffix(2)
        (y, x) = (plane.first?.name ?? "y", plane.last?.name ?? "x")
        factors = (plane.first?.factor ?? 1, plane.last?.factor ?? 1)
        unknownUnit = plane.compactMap(\.unknownUnit).first
        omittedAxis = space.count > 2 ? space[0].name : nil
        trackProperty = geff["track_node_props"]?["tracklet"]?.string ?? "track_id"
        let related = (geff["related_objects"]?.array ?? []).filter {
            $0["type"]?.string == "labels"
        }
        labelImages = related.compactMap { $0["path"]?.string }.first
        labelProperties =
            related.compactMap { $0["node_prop"]?.string ?? $0["label_prop"]?.string }
            + ["label", "seg_id", "segmentation_id", "mask_id"]
            + [trackProperty].compactMap(\.self)
    }
}
