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
        let axes = (geff["axes"]?.array ?? []).compactMap { axis in
            axis["name"]?.string.map { (name: $0, type: axis["type"]?.string) }
        }
        let space = axes.filter { $0.type == "space" }.map(\.name)
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
        (y, x) = axes.isEmpty ? ("y", "x") : (space[space.count - 2], space[space.count - 1])
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
