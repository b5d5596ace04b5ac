import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import TrackFiles
import Tracking

@Suite("Tracks of files on label images")
struct ObjectMatchingTests {
    private let folder: TemporaryFolder
    private let movie: MovieSample

    init() throws {
        folder = try TemporaryFolder()
        movie = try MovieSample(seed: 3)
    }

    /// The graph on label images.
    private func matched(_ matching: ObjectMatching, _ frames: [LabelImage]) throws
        -> (graph: LineageGraph, untracked: Int)
    {
        var matching = matching
        for labels in frames { try matching.add(labels) }
        let count = matching.untrackedCount
        return (try matching.finish(), count)
    }

    private func geff() throws -> GEFFFile {
        try GEFFWriter(labelImages: "../tracks.tif").write(movie.graph, to: folder.file("a.geff"))
        return try GEFFFile(reading: folder.file("a.geff"))
    }

    /// A file of TrackMate without outlines.
    private func spots() throws -> TrackMateFile {
        var writer = try TrackMateWriter(
            creating: folder.file("a.xml"),
            of: movie.graph,
            movie: .init(size: MovieSample.size, frameCount: movie.frames.count)
        )
        for _ in movie.frames { try writer.append() }
        try writer.finish()
        return try TrackMateFile(reading: folder.file("a.xml"))
    }

    @Test("Nodes of a GEFF are found by their labels, and objects without a node are counted")
    func byLabel() throws {
        let file = try geff()
        #expect(file.labelImages?.path == folder.file("tracks.tif").path)
        let (graph, untracked) = try matched(ObjectMatching(of: file), movie.frames)
        #expect(graph == movie.graph && untracked == 0)
        var frames = movie.frames
        frames[2][x: 39, y: 23] = 999
        let (same, more) = try matched(ObjectMatching(of: file), frames)
        #expect(same == movie.graph && more == 1)
    }

    @Test("Spots without outlines are found by their places, whatever the labels are")
    func byPlace() throws {
        let file = try spots()
        #expect(!file.isOutlined && file.outlines.isEmpty)
        let frames = movie.frames.enumerated().map { frame, labels in
            let numbers = labels.objectLabels().map { ($0, 500 - $0 - UInt32(frame)) }
            return labels.relabeled(Dictionary(numbers) { one, _ in one })
        }
        let (graph, _) = try matched(ObjectMatching(of: file, arePainted: false), frames)
        #expect(graph.labelledByTrack() == movie.graph)
        for (frame, labels) in frames.enumerated() {
            let found = graph.nodes(inFrame: frame).map(\.label)
            #expect(found == labels.objectLabels())
        }
    }

    @Test("An object that is not there is named by its frame and what the file calls it")
    func missing() throws {
        let file = try geff()
        let node = try #require(movie.graph.nodes.first { $0.frame == 1 })
        var frames = movie.frames
        frames[1] = frames[1].relabeled(
            Dictionary(frames[1].objectLabels().map { ($0, $0 == node.label ? 998 : $0) }) { $1 }
        )
        let error = try #require(throws: TrackFileError.self) {
            try matched(ObjectMatching(of: file), frames)
        }
        #expect(error.kind == .mismatch && error.path == folder.file("a.geff").path)
        #expect(error.problem.contains("node \(node.id) of frame 1 has the label \(node.label)"))
        frames = movie.frames.map { LabelImage(size: $0.size) }
        let place = try #require(throws: TrackFileError.self) {
            try matched(ObjectMatching(of: spots(), arePainted: false), frames)
        }
        #expect(place.problem.contains("where the label image has no object"), "\(place)")
        let short = try #require(throws: TrackFileError.self) {
            try matched(ObjectMatching(of: file), Array(movie.frames.prefix(5)))
        }
        #expect(short.kind == .outOfRange && short.problem.contains("frames 0 to 4"), "\(short)")
    }

    @Test("Two spots on one object are refused, with their IDs")
    func sameObject() throws {
        let frames = movie.frames.map { labels in
            var labels = labels
            for pixel in labels.labels.indices { labels.labels[pixel] = 1 }
            return labels
        }
        let error = try #require(throws: TrackFileError.self) {
            try matched(ObjectMatching(of: spots(), arePainted: false), frames)
        }
        #expect(error.problem.hasPrefix("spot ") && error.problem.contains("the same object, 1"))
    }

    /// A file with two spots of frame 0; IDs are so large that nodes have other numbers.
    private func pair(_ outlines: [String]) throws -> TrackMateFile {
        let spots = outlines.enumerated().map { index, points in
            let count = points.split(separator: " ").count / 2
            return """
                <Spot ID="\(70_000_000 + index)" FRAME="0" POSITION_X="10" POSITION_Y="10" RADIUS="2"
                ROI_N_POINTS="\(count)">\(points)</Spot>
                """
        }
        let text = #"<TrackMate version="7.1"><Model>"# + spots.joined() + "</Model></TrackMate>"
        try folder.write(text, to: "pair.xml")
        return try TrackMateFile(reading: folder.file("pair.xml"))
    }

    @Test(
        "Spots without a pixel are refused: outside, between pixels, and under others",
        arguments: [
            ["-2 -2 2 -2 2 2 -2 2", "900 0 910 0 910 9"],
            ["-2 -2 2 -2 2 2 -2 2", "5.2 5.2 5.4 5.2 5.4 5.4"],
            ["-2 -2 2 -2 2 2 -2 2", "-2 -2 2 -2 2 2 -2 2"],
        ]
    )
    func withoutPixels(outlines: [String]) throws {
        let file = try pair(outlines)
        let labels = file.labels(frame: 0, size: MovieSample.size)
        let error = #expect(throws: TrackFileError.self) {
            try matched(ObjectMatching(of: file, arePainted: true), [labels])
        }
        #expect(
            error?.problem.contains("of frame 0 has no pixels") == true,
            "\(labels.objectLabels())"
        )
        #expect(error?.problem.contains("spot 7000000") == true)
    }

    @Test("An outline far beyond the image is cut at its border")
    func hugeOutline() throws {
        let file = try pair(["-2 -2 2 -2 2 2 -2 2", "1e9 1e9 1e9 -1e9 -1e9 1e9"])
        let labels = file.labels(frame: 0, size: MovieSample.size)
        #expect(labels[x: 39, y: 23] == 2 && labels[x: 0, y: 0] == 0 && labels[x: 8, y: 8] == 1)
    }

    @Test("What TrackMate does not show is left out of a file of tracks")
    func shown() throws {
        let text = """
            <TrackMate version="7.1"><Model><AllSpots>
            <Spot ID="1" FRAME="0" POSITION_X="1" POSITION_Y="1" VISIBILITY="0"/>
            <Spot ID="2" FRAME="0" POSITION_X="4" POSITION_Y="4"/></AllSpots></Model></TrackMate>
            """
        try folder.write(text, to: "b.xml")
        guard case .trackMate(let file) = try TrackFile(reading: folder.file("b.xml")) else {
            Issue.record("no file of TrackMate")
            return
        }
        #expect(file.hiddenCount == 1 && file.graph.nodes.map(\.id.number) == [2])
        // Without a list of the tracks that are shown, all are.
        let linked = text.replacingOccurrences(
            of: "</Model>",
            with: """
                <Track TRACK_ID="0"><Edge SPOT_SOURCE_ID="2" SPOT_TARGET_ID="3"/></Track></Model>
                """
        ).replacingOccurrences(
            of: "</AllSpots>",
            with: #"<Spot ID="3" FRAME="1" POSITION_X="4" POSITION_Y="4"/></AllSpots>"#
        )
        try folder.write(linked, to: "c.xml")
        let all = try TrackMateFile(reading: folder.file("c.xml"), onlyVisible: true)
        #expect(all.graph.links.count == 1)
        let none = linked.replacingOccurrences(of: "</Model>", with: "<FilteredTracks/></Model>")
        try folder.write(none, to: "d.xml")
        let filtered = try TrackMateFile(reading: folder.file("d.xml"), onlyVisible: true)
        #expect(filtered.graph.count == 0 && filtered.hiddenCount == 3)
    }

    @Test("Files are told apart, and what is none is refused")
    func kinds() throws {
        _ = try geff()
        _ = try spots()
        try folder.write("1 0 0 0\n", to: "ctc/res_track.txt")
        for name in ["a.geff", "a.xml", "ctc"] { #expect(TrackFile.isOne(folder.file(name))) }
        try folder.write("text", to: "a.txt")
        for name in ["a.txt", "none.xml", "none"] {
            #expect(!TrackFile.isOne(folder.file(name)))
            #expect(throws: TrackFileError.self) { try TrackFile(reading: folder.file(name)) }
        }
    }
}

@Suite("The TrackMate file of the reference as input", .enabled(if: Fixtures.areAvailable))
struct TrackMateInputTests {
    @Test("All spots that TrackMate shows become objects, with the links between them")
    func painted() throws {
        let url = Fixtures.folder.appending(path: "trackmate_sim.xml")
        let file = try TrackMateFile(reading: url, onlyVisible: true)
        #expect(file.isOutlined && file.hiddenCount == 30)
        var matching = ObjectMatching(of: file, arePainted: true)
        for frame in 0..<12 {
            try matching.add(file.labels(frame: frame, size: Size(width: 128, height: 128)))
        }
        #expect(matching.untrackedCount == 0)
        let graph = try matching.finish()
        #expect(graph.count == file.graph.count && graph.links.count == file.graph.links.count)
        for node in graph.nodes {
            let spot = try #require(file.graph[node.id])
            let (dx, dy) = (node.centroid.x - spot.centroid.x, node.centroid.y - spot.centroid.y)
            #expect(abs(dx) < 1 && abs(dy) < 1)
        }
    }

    @Test("Spots are found on the true label images by their places")
    func placed() throws {
        let url = Fixtures.folder.appending(path: "trackmate_sim.xml")
        let file = try TrackMateFile(reading: url)
        let truth = try LabelFile(
            opening: Fixtures.folder.appending(path: "trackastra_truth_sim.tif").path,
            axes: "tyx"
        )
        var matching = ObjectMatching(of: file, arePainted: false)
        for frame in 0..<12 { try matching.add(truth.read(plane: frame)) }
        #expect(matching.untrackedCount == 0)
        #expect(try matching.finish().links.count == file.graph.links.count)
    }
}
