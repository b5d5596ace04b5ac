import Files
import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import TrackFiles
import Tracking

@Suite("TrackMate of the reference", .enabled(if: Fixtures.areAvailable))
struct TrackMateFixtureTests {
    private let url = Fixtures.folder.appending(path: "trackmate_sim.xml")

    @Test("Spots, links and outlines are read")
    func all() throws {
        let file = try TrackMateFile(reading: url)
        let expected = try ExpectedTracks()
        try expected.check(file.graph, offset: expected.json["trackmate_id_offset"]?.integer ?? 0)
        #expect(file.size == Size(width: 128, height: 128) && file.frameCount == 12)
        #expect(file.outlines.count == file.graph.count)
    }

    @Test("What is not shown can be left out")
    func visible() throws {
        let file = try TrackMateFile(reading: url, onlyVisible: true)
        let all = try TrackMateFile(reading: url).graph
        // Track 1 of TrackMate, of 30 spots and 29 links, is not among the filtered ones.
        #expect(file.graph.count == all.count - 30)
        #expect(file.graph.links.count == all.links.count - 29)
    }

    @Test("Painted outlines are the objects that they were made of")
    func painted() throws {
        let file = try TrackMateFile(reading: url)
        let truth = try LabelFile(
            opening: Fixtures.folder.appending(path: "trackastra_truth_sim.tif").path,
            axes: "tyx"
        )
        for frame in 0..<12 {
            let painted = file.labels(frame: frame, size: Size(width: 128, height: 128))
            let true_ = try truth.read(plane: frame)
            let differing = zip(painted.labels, true_.labels).count { ($0 == 0) != ($1 == 0) }
            // The outlines run through the middles of pixels, so some of those on them are on either side.
            #expect(differing <= true_.labels.count { $0 != 0 } / 12)
        }
    }
}

@Suite("TrackMate files")
struct TrackMateTests {
    private let head =
        #"<?xml version="1.0"?><TrackMate version="7.1"><Model spatialunits="micron" timeunits="sec">"#

    private func spot(_ id: String, _ frame: String, _ rest: String = "", _ content: String = "")
        -> String
    {
        #"<Spot ID="\#(id)" FRAME="\#(frame)" POSITION_X="4" POSITION_Y="6" RADIUS="2" \#(rest)>\#(content)</Spot>"#
    }

    private func edge(_ source: Int, _ target: Int) -> String {
        #"<Edge SPOT_SOURCE_ID="\#(source)" SPOT_TARGET_ID="\#(target)"/>"#
    }

    private func read(_ body: String, head: String? = nil) throws -> TrackMateFile {
        let folder = try TemporaryFolder()
        try folder.write((head ?? self.head) + body, to: "a.xml")
        return try TrackMateFile(reading: folder.file("a.xml"))
    }

    private let end = "</Model></TrackMate>"

    @Test("Units are turned into pixels and frames; links have the direction of time")
    func units() throws {
        let settings =
            #"<Settings><ImageData width="9" height="8" nframes="5" pixelwidth="2" pixelheight="4" timeinterval="0.5"/></Settings></TrackMate>"#
        let file = try read(
            spot("8000001", "0.0") + spot("9000000", "2", #"ROI_N_POINTS="3""#, "0 0 4 0 0 8")
                + edge(9_000_000, 8_000_001) + "</Model>" + settings
        )
        #expect(file.graph.nodes.map(\.centroid) == [Point(x: 2, y: 1.5), Point(x: 2, y: 1.5)])
        #expect(file.graph.links.map(\.parent.number) == [0] && file.graph.tracks()[0].gaps == 1)
        #expect(file.graph.nodes[0].area == 2 && file.graph.nodes[0].label == 1)
        #expect(file.physicalSize.unit == "\u{B5}m" && file.physicalSize.t == 0.5)
        #expect(file.frameCount == 5 && file.size == Size(width: 9, height: 8))
        #expect(
            file.outlines.values.first == [
                Point(x: 2, y: 1.5), Point(x: 4, y: 1.5), Point(x: 2, y: 3.5),
            ]
        )
        #expect(file.labels(frame: 0, size: Size(width: 9, height: 8)).labels.contains(1))
    }

    @Test("Without spots the graph is empty")
    func empty() throws { #expect(try read(end).graph.count == 0) }

    @Test(
        "Wrong files end in an error of the right kind",
        arguments: [
            ("<a/>", TrackFileError.Kind.cannotOpen), ("", .cannotOpen),
            ("\u{0}\u{1}", .cannotOpen),
            (#"<TrackMate version="3.0"></TrackMate>"#, .unsupported),
            ("<TrackMate></TrackMate>", .unsupported),
        ]
    )
    func foreign(text: String, kind: TrackFileError.Kind) throws {
        let error = try #require(throws: TrackFileError.self) { try read("", head: text) }
        #expect(error.kind == kind)
    }

    @Test("Wrong spots and links end in an error of the right kind")
    func wrong() throws {
        let two = spot("0", "0") + spot("1", "1") + spot("2", "2")
        let cases: [(String, TrackFileError.Kind)] = [
            (two, .damaged), (two + edge(0, 9) + end, .unknownParent),
            (two + spot("3", "0") + edge(0, 1) + edge(3, 1) + end, .severalParents),
            (two + spot("3", "1") + edge(1, 3) + end, .notForward),
            (two + edge(1, 1) + end, .notForward),
            (two + spot("1", "4") + end, .usedTwice), (spot("x", "4") + end, .damaged),
            (spot("1", "-1") + end, .damaged), (spot("1", "1e30") + end, .damaged),
            (spot("1", "1.5") + end, .damaged), ("<Spot ID=\"1\" FRAME=\"1\"/>" + end, .damaged),
            ("<Edge SPOT_SOURCE_ID=\"1\"/>" + end, .damaged),
            (spot("1", "1", #"ROI_N_POINTS="9""#, "1 2 3 4") + end, .damaged),
            (spot("1", "1", #"ROI_N_POINTS="2""#, "1 2 3 x") + end, .damaged),
            (spot("1", "1", #"ROI_N_POINTS="-1""#, "") + end, .damaged),
            (spot("1", "1", #"ROI_N_POINTS="1""#, "1 nan") + end, .damaged),
            (String(repeating: "<a>", count: 1000), .damaged),
        ]
        for (body, kind) in cases {
            let error = try #require(throws: TrackFileError.self, "\(body.prefix(200))") {
                try read(body)
            }
            #expect(error.kind == kind, "\(error)")
        }
        // Labels that are none are counted, a loop is cut by time, and numbers below 0 are counted.
        let file = try read(
            spot("-5", "0", #"LABEL="0""#) + spot("7", "0", #"LABEL="99999999999""#) + end
        )
        #expect(file.graph.nodes.map(\.label) == [1, 2])
    }

    @Test("A link that makes no lineage is refused with the file, the spots and the remedy")
    func links() throws {
        // Numbers of spots that are not those of nodes.
        let first = 8_000_000
        let three =
            spot("\(first)", "0") + spot("\(first + 1)", "0") + spot("\(first + 2)", "1")
        let merged = edge(first, first + 2) + edge(first + 2, first + 1)
        let cases = [
            (merged, "spot 8000002 of frame 1 comes from two spots, 8000000 and 8000001", "merge"),
            (edge(first, first + 1), "spot 8000000 to 8000001, which both lie in frame 0", "later"),
            (edge(first, 5), "there is no spot 5", "save the file again"),
        ]
        for (links, problem, advice) in cases {
            let error = try #require(throws: TrackFileError.self) {
                try read(three + links + end)
            }
            #expect(error.path.hasSuffix("a.xml"))
            #expect(error.problem.contains(problem) && error.advice.contains(advice), "\(error)")
        }
        // The same link twice is one link.
        let twice = try read(three + edge(first, first + 2) + edge(first + 2, first) + end)
        #expect(twice.graph.links.count == 1)
    }

    @Test("Entities are not expanded: a file that declares some is refused")
    func entities() throws {
        let bomb = """
            <?xml version="1.0"?><!DOCTYPE TrackMate [<!ENTITY a "aaaaaaaaaa">
            <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <TrackMate version="7.1"><Model spatialunits="&b;" timeunits="&f;">
            """
        let error = try #require(throws: TrackFileError.self) {
            try read(spot("1", "0") + end, head: bomb)
        }
        #expect(error.kind == .damaged && error.problem.contains("'&' is not escaped"), "\(error)")
    }

    @Test("A writer that lacks frames leaves nothing")
    func unfinished() throws {
        let folder = try TemporaryFolder()
        let movie = try MovieSample()
        func write() throws {
            var writer = try TrackMateWriter(
                creating: folder.file("a.xml"),
                of: movie.graph,
                movie: .init(size: MovieSample.size, frameCount: 12)
            )
            try writer.append()
            try writer.finish()
        }
        #expect(throws: TrackFileError.self) { try write() }
        #expect(try folder.contents.isEmpty)
    }
}
