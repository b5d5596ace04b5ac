import Files
import Foundation
import Imaging
import Testing
import TrackFiles
import Tracking
import Zarr

@Suite("Round trips of tracks")
struct RoundTripTests {
    @Test("The movies of these tests divide and have gaps")
    func samples() throws {
        let tracks = try (0..<8).flatMap { try MovieSample(seed: $0).graph.tracks() }
        #expect(tracks.contains { $0.gaps > 0 } && tracks.contains { $0.children.count == 2 })
    }

    @Test("Graph and labels are the same after a folder of the challenge", arguments: 0..<8)
    func challenge(seed: UInt64) throws {
        let movie = try MovieSample(seed: seed)
        let folder = try TemporaryFolder()
        for gaps in [TrackGaps.newTracks, .sameTrack] {
            let url = folder.file("\(gaps)")
            try CTCFolderWriter.write(
                movie.graph,
                to: url,
                frameCount: movie.frames.count,
                gaps: gaps
            ) { movie.frames[$0] }
            let read = try CTCFolder(reading: url)
            let graph = try read.lineage()
            #expect(graph.labelledByTrack().namedInOrder() == movie.graph)
            for (frame, labels) in movie.frames.enumerated() {
                let found = try read.labels(frame: frame)
                #expect(found.relabeled(graph.trackNumbers(inFrame: frame)) == labels)
                if gaps == .sameTrack { #expect(found == labels) }
            }
        }
    }

    @Test("A folder that was written and read is written as the same bytes")
    func bytes() throws {
        let movie = try MovieSample(seed: 3)
        let folder = try TemporaryFolder()
        try CTCFolderWriter.write(movie.graph, to: folder.file("1"), frameCount: 12) {
            movie.frames[$0]
        }
        let read = try CTCFolder(reading: folder.file("1"))
        try CTCFolderWriter.write(read.lineage(), to: folder.file("2"), frameCount: 12) {
            try read.labels(frame: $0)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.file("1").path) {
            let files = ["1", "2"].map { folder.file($0).appending(path: name) }
            #expect(try Data(contentsOf: files[0]) == Data(contentsOf: files[1]), "\(name)")
        }
    }

    @Test(
        "A graph is the same after GEFF, with names and numbers",
        arguments: [ZarrFormat.v2, .v3]
    )
    func geff(format: ZarrFormat) throws {
        let folder = try TemporaryFolder()
        for seed in 0..<4 {
            var graph = try MovieSample(seed: UInt64(seed)).graph
            // Names with holes, numbers that are no longer in order.
            try graph.apply(.delete(graph.nodes[3].id, bridges: true))
            try graph.apply(.renumber(graph.trackNumbers[0], to: 70_001))
            let url = folder.file("\(seed).geff")
            try GEFFWriter(format: format, labelImages: "../labels").write(graph, to: url)
            let read = try GEFFFile(reading: url)
            #expect(read.graph == graph && read.labelProperty == "label")
        }
        #expect(try folder.contents.count == 4)
    }

    @Test("A graph is read from a zip archive of its folder")
    func zipped() throws {
        let folder = try TemporaryFolder()
        let graph = try MovieSample(seed: 3).graph
        let url = folder.file("a.geff")
        try GEFFWriter().write(graph, to: url)
        var archive = try ZipWriter(replacing: folder.file("a.geff.zip").path)
        let names = try FileManager.default.subpathsOfDirectory(atPath: url.path)
        for name in names.sorted() where FileStatus(of: url.path + "/" + name)?.isFolder == false {
            try archive.append(name, [UInt8](Data(contentsOf: url.appending(path: name))))
        }
        try archive.commit()
        #expect(try GEFFFile(reading: folder.file("a.geff.zip")).graph == graph)
    }

    @Test("An empty graph is a GEFF, too; an older one is replaced only if that is said")
    func emptyGEFF() throws {
        let folder = try TemporaryFolder()
        for format in [ZarrFormat.v2, .v3] {
            let url = folder.file("\(format).geff")
            try GEFFWriter(format: format).write(LineageGraph(), to: url)
            #expect(try GEFFFile(reading: url).graph == LineageGraph())
            let graph = try MovieSample().graph
            #expect(throws: TrackFileError.self) { try GEFFWriter().write(graph, to: url) }
            try GEFFWriter(format: format, replaces: true).write(graph, to: url)
            #expect(try GEFFFile(reading: url).graph == graph)
        }
        try folder.write("mine", to: "other/notes.txt")
        #expect(throws: TrackFileError.self) {
            try GEFFWriter(replaces: true).write(LineageGraph(), to: folder.file("other"))
        }
        #expect(try folder.contents == ["other", "v2.geff", "v3.geff"])
    }

    @Test("Graph, labels and intensities are the same after TrackMate", arguments: 0..<4)
    func trackMate(seed: UInt64) throws {
        let movie = try MovieSample(seed: seed)
        let folder = try TemporaryFolder()
        let url = folder.file("a.xml")
        var writer = try TrackMateWriter(
            creating: url,
            of: movie.graph,
            movie: .init(name: "<&\">.tif", size: MovieSample.size, frameCount: 12),
            channelCount: 1
        )
        for labels in movie.frames {
            let image = AnyRaster.float32(Raster(repeating: 2.5, size: labels.size))
            try writer.append(labels, measured: labels.measurements(of: image))
        }
        try writer.finish()
        let read = try TrackMateFile(reading: url)
        #expect(read.size == MovieSample.size && read.frameCount == 12)
        #expect(read.graph == movie.graph)
        for (frame, labels) in movie.frames.enumerated() {
            #expect(read.labels(frame: frame, size: MovieSample.size) == labels)
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(
            text.contains("MEAN_INTENSITY_CH1=\"2.5\"") && text.contains("&lt;&amp;&quot;&gt;.tif")
        )
    }
}
