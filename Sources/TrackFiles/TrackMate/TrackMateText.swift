import ImageFormats
import Imaging
import Plots
import Tracking

/// The text of the parts of a TrackMate file.
enum TrackMateText {
    /// Everything in front of the first spot.
    static func head(spots: Int, _ movie: TrackMateWriter.Movie, channels: Int) -> String {
        let size = movie.physicalSize
        let declared = features(channels: channels).map { group, features in
            "      <\(group)>\n"
                + features.map { feature in
                    "        <Feature feature=\"\(feature.name)\" name=\"\(feature.words)\" "
                        + "shortname=\"\(feature.words)\" dimension=\"\(feature.dimension)\" "
                        + "isint=\"\(feature.isInteger)\" />\n"
                }.joined() + "      </\(group)>\n"
        }.joined()
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <TrackMate version="7.11.1">
              <Log></Log>
              <Model spatialunits="\((size.unit ?? "pixel").escapedForMarkup)" \
            timeunits="\((size.timeUnit ?? "frame").escapedForMarkup)">
                <FeatureDeclarations>
            \(declared)    </FeatureDeclarations>
                <AllSpots nspots="\(spots)">

            """
    }

    /// A feature that spots, links or tracks have.
    private struct Feature {
        let name: String
        let words: String
        let dimension: String
        let isInteger: Bool

        init(_ name: String, _ words: String, _ dimension: String, isInteger: Bool = false) {
            (self.name, self.words) = (name, words)
            (self.dimension, self.isInteger) = (dimension, isInteger)
        }
    }

    private static func features(channels: Int) -> [(String, [Feature])] {
        let intensities = (1...max(channels, 1)).prefix(channels).map {
            Feature("MEAN_INTENSITY_CH\($0)", "Mean intensity ch\($0)", "INTENSITY")
        }
        let spots = [
            Feature("QUALITY", "Quality", "QUALITY"), Feature("POSITION_X", "X", "POSITION"),
            Feature("POSITION_Y", "Y", "POSITION"), Feature("POSITION_Z", "Z", "POSITION"),
            Feature("POSITION_T", "T", "TIME"), Feature("FRAME", "Frame", "NONE", isInteger: true),
            Feature("RADIUS", "Radius", "LENGTH"),
            Feature("VISIBILITY", "Visibility", "NONE", isInteger: true),
            Feature("AREA", "Area", "AREA"), Feature("LABEL", "Label", "NONE", isInteger: true),
            Feature("TRACK_NUMBER", "Track number", "NONE", isInteger: true),
        ]
        let links = [
            Feature("SPOT_SOURCE_ID", "Source spot ID", "NONE", isInteger: true),
            Feature("SPOT_TARGET_ID", "Target spot ID", "NONE", isInteger: true),
            Feature("LINK_COST", "Link cost", "COST"), Feature("EDGE_TIME", "Edge time", "TIME"),
            Feature("DISPLACEMENT", "Displacement", "LENGTH"),
        ]
        let tracks = [
            Feature("TRACK_INDEX", "Track index", "NONE", isInteger: true),
            Feature("TRACK_ID", "Track ID", "NONE", isInteger: true),
            Feature("NUMBER_SPOTS", "Number of spots in track", "NONE", isInteger: true),
            Feature("NUMBER_GAPS", "Number of gaps", "NONE", isInteger: true),
            Feature("NUMBER_SPLITS", "Number of split events", "NONE", isInteger: true),
            Feature("TRACK_START", "Track start", "TIME"),
            Feature("TRACK_STOP", "Track stop", "TIME"),
        ]
        return [
            ("SpotFeatures", spots + intensities), ("EdgeFeatures", links),
            ("TrackFeatures", tracks),
        ]
    }

    /// An object; lengths are in the unit of the file.
    static func spot(
        _ node: LineageNode,
        track: UInt32,
        outline: [Point<OriginalPixels>]?,
        intensities: [Double],
        _ size: PhysicalSize
    ) -> String {
        let (width, height) = (size.x ?? 1, size.y ?? 1)
        let area = Double(node.area) * width * height
        var text = "        <Spot ID=\"\(node.id)\" name=\"\(node.label)\" QUALITY=\"1.0\" "
        text +=
            "POSITION_X=\"\(node.centroid.x * width)\" POSITION_Y=\"\(node.centroid.y * height)\" "
        text += "POSITION_Z=\"0.0\" POSITION_T=\"\(Double(node.frame) * (size.t ?? 1))\" "
        text += "FRAME=\"\(node.frame)\" RADIUS=\"\((area / .pi).squareRoot())\" VISIBILITY=\"1\" "
        text += "AREA=\"\(area)\" LABEL=\"\(node.label)\" TRACK_NUMBER=\"\(track)\""
        for (channel, mean) in intensities.enumerated() where mean.isFinite {
            text += " MEAN_INTENSITY_CH\(channel + 1)=\"\(mean)\""
        }
        guard let outline, !outline.isEmpty else { return text + " />\n" }
        let points = outline.map { point in
            "\((point.x - node.centroid.x) * width) \((point.y - node.centroid.y) * height)"
        }
        text += " ROI_N_POINTS=\"\(points.count)\">"
        return text + points.joined(separator: " ") + "</Spot>\n"
    }

    /// The links, a track of TrackMate for each lineage of several objects.
    static func tracks(of graph: LineageGraph, _ size: PhysicalSize) -> String {
        var trees: [[LineageTrack]] = []
        for track in graph.tracksByLineage() {
            if track.parent == nil {
                trees.append([track])
            } else {
                trees[trees.count - 1].append(track)
            }
        }
        trees = trees.filter { $0.count > 1 || $0[0].nodes.count > 1 }
        var text = "    </AllSpots>\n    <AllTracks>\n"
        for (index, tree) in trees.enumerated() { text += self.tree(tree, index, graph, size) }
        text += "    </AllTracks>\n    <FilteredTracks>\n"
        for index in trees.indices { text += "      <TrackID TRACK_ID=\"\(index)\" />\n" }
        return text + "    </FilteredTracks>\n  </Model>\n"
    }

    private static func tree(
        _ tree: [LineageTrack],
        _ index: Int,
        _ graph: LineageGraph,
        _ size: PhysicalSize
    ) -> String {
        let interval = size.t ?? 1
        let nodes = tree.flatMap(\.nodes)
        let links = nodes.compactMap { id in
            graph.parent(of: id).flatMap { graph[$0] }.flatMap { parent in
                graph[id].map { (parent: parent, child: $0) }
            }
        }
        let gaps = links.count { $0.child.frame > $0.parent.frame + 1 }
        let splits = tree.count { !$0.children.isEmpty }
        let start = Double(tree.map(\.frames.lowerBound).min() ?? 0) * interval
        let stop = Double(tree.map(\.frames.upperBound).max() ?? 0) * interval
        var text =
            "      <Track name=\"Track_\(index)\" TRACK_ID=\"\(index)\" TRACK_INDEX=\"\(index)\" "
            + "NUMBER_SPOTS=\"\(nodes.count)\" NUMBER_GAPS=\"\(gaps)\" NUMBER_SPLITS=\"\(splits)\" "
            + "TRACK_START=\"\(start)\" TRACK_STOP=\"\(stop)\">\n"
        for (parent, child) in links {
            let x = (child.centroid.x - parent.centroid.x) * (size.x ?? 1)
            let y = (child.centroid.y - parent.centroid.y) * (size.y ?? 1)
            let time = Double(parent.frame + child.frame) / 2 * interval
            text +=
                "        <Edge SPOT_SOURCE_ID=\"\(parent.id)\" SPOT_TARGET_ID=\"\(child.id)\" "
                + "LINK_COST=\"\(x * x + y * y)\" EDGE_TIME=\"\(time)\" "
                + "DISPLACEMENT=\"\((x * x + y * y).squareRoot())\" />\n"
        }
        return text + "      </Track>\n"
    }

    /// What TrackMate asks for to open the image beside the tracks, and the end.
    static func settings(_ movie: TrackMateWriter.Movie) -> String {
        let size = movie.physicalSize
        return """
              <Settings>
                <ImageData filename="\(movie.name.escapedForMarkup)" \
            folder="\(movie.folder.escapedForMarkup)" width="\(movie.size.width)" \
            height="\(movie.size.height)" nslices="1" nframes="\(movie.frameCount)" \
            pixelwidth="\(size.x ?? 1)" pixelheight="\(size.y ?? 1)" voxeldepth="\(size.z ?? 1)" \
            timeinterval="\(size.t ?? 1)" />
                <BasicSettings xstart="0" xend="\(movie.size.width - 1)" ystart="0" \
            yend="\(movie.size.height - 1)" zstart="0" zend="0" tstart="0" \
            tend="\(movie.frameCount - 1)" />
                <DetectorSettings DETECTOR_NAME="MANUAL_DETECTOR" RADIUS="5.0" />
                <InitialSpotFilter feature="QUALITY" value="0.0" isabove="true" />
                <SpotFilterCollection />
                <TrackerSettings TRACKER_NAME="MANUAL_TRACKER" />
                <TrackFilterCollection />
              </Settings>
              <GUIState state="ConfigureViews" />
            </TrackMate>

            """
    }
}
