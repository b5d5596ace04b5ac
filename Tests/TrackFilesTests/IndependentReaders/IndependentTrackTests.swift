import Foundation
import ImageFormats
import Imaging
import Testing
import TrackFiles
import Tracking
import Zarr

/// A Python with other libraries: `INDEPENDENT_PYTHON`, or what `Scripts/independent-readers` installed.
private enum IndependentPython {
    /// The interpreter; nil if there is none.
    static let path: String? = {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../..").standardized
        let candidates: [String?] = [
            ProcessInfo.processInfo.environment["INDEPENDENT_PYTHON"],
            checkout.appending(path: ".tools/independent/python").path,
        ]
        let found = candidates.compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        if found == nil { print("skipped: no Python with the libraries of other readers") }
        return found
    }()

    /// Where everything has to run and nothing may be left out: as `.ci/run` does it.
    static let isRequired = ["CI", "INDEPENDENT_PYTHON"].contains {
        !(ProcessInfo.processInfo.environment[$0] ?? "").isEmpty
    }

    static var isUsed: Bool { path != nil || isRequired }
}

@Suite("Independent readers of tracks")
struct IndependentTrackTests {
    @Test(
        "Other programs read what is written here",
        .enabled(if: IndependentPython.isUsed, "Scripts/independent-readers installs them"),
        arguments: [UInt64(3), 6]
    )
    func read(seed: UInt64) throws {
        let movie = try MovieSample(seed: seed)
        let folder = try TemporaryFolder()
        try describe(movie, to: folder)
        try GEFFWriter(format: .v2).write(movie.graph, to: folder.file("zarr2.geff"))
        try GEFFWriter(
            format: .v3,
            physicalSize: .init(x: 0.5, y: 0.5, unit: "\u{B5}m", t: 2, timeUnit: "min"),
            labelImages: "../labels"
        ).write(movie.graph, to: folder.file("zarr3.geff"))
        var writer = try TrackMateWriter(
            creating: folder.file("tracks.xml"),
            of: movie.graph,
            movie: .init(
                name: "<a> & \"b\".tif",
                size: MovieSample.size,
                frameCount: movie.frames.count
            ),
            channelCount: 2
        )
        for labels in movie.frames {
            let image = AnyRaster.uint8(Raster(repeating: 7, size: labels.size, channels: 2))
            try writer.append(labels, measured: labels.measurements(of: image))
        }
        try writer.finish()
        try writeFolders(movie, to: folder)
        let script = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "check_tracks.py")
        let process = Process()
        process.executableURL = URL(filePath: try #require(IndependentPython.path))
        process.arguments =
            [script.path, folder.url.path] + (IndependentPython.isRequired ? ["--all"] : [])
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// A result, and the same as ground truth.
    private func writeFolders(_ movie: MovieSample, to folder: TemporaryFolder) throws {
        try FileManager.default.createDirectory(
            at: folder.file("01_RES_GT"),
            withIntermediateDirectories: true
        )
        for (name, names) in [("01_RES", CTCNames.result), ("01_RES_GT/TRA", .reference)] {
            try CTCFolderWriter.write(
                movie.graph,
                to: folder.file(name),
                frameCount: movie.frames.count,
                options: .init(names: names)
            ) { movie.frames[$0] }
        }
    }

    private struct Description: Encodable {
        struct Node: Encodable {
            let id: Int, t: Int, y: Double, x: Double, label: UInt32, area: Int, track_id: UInt32
        }

        struct Track: Encodable {
            let id: UInt32, first: Int, last: Int, parent: UInt32, parent_has_gap: Bool
        }

        let nodes: [Node]
        let edges: [[Int]]
        let tracks: [Track]
        let frames: Int
        let shape: [Int]
    }

    private func describe(_ movie: MovieSample, to folder: TemporaryFolder) throws {
        let graph = movie.graph
        let description = Description(
            nodes: graph.nodes.map { node in
                .init(
                    id: node.id.number,
                    t: node.frame,
                    y: node.centroid.y,
                    x: node.centroid.x,
                    label: node.label,
                    area: node.area,
                    track_id: graph.trackNumber(of: node.id) ?? 0
                )
            },
            edges: graph.links.map { [$0.parent.number, $0.child.number] },
            tracks: graph.tracks().map { track in
                .init(
                    id: track.number,
                    first: track.frames.lowerBound,
                    last: track.frames.upperBound,
                    parent: track.parent ?? 0,
                    parent_has_gap: (track.parent.flatMap { graph.track($0) }?.gaps ?? 0) > 0
                )
            },
            frames: movie.frames.count,
            shape: [MovieSample.size.height, MovieSample.size.width]
        )
        try JSONEncoder().encode(description).write(to: folder.file("movie.json"))
    }
}
