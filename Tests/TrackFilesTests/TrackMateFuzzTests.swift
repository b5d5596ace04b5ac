import Foundation
import ImageFormats
import Imaging
import Testing
import TrackFiles
import Tracking

/// Damaged files of TrackMate: whatever the bytes are, there is a result or an error.
///
/// `MICROSAM_FUZZ_INPUTS` sets another number of files, `MICROSAM_FUZZ_SEED` another seed; `docs/fuzzing.md` says which were tried. Before a
/// file is read it is written to a temporary folder, where it stays if the process ends.
@Suite("Damaged files of TrackMate")
struct TrackMateFuzzTests {
    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    private static let inputs = number("MICROSAM_FUZZ_INPUTS") ?? 2000
    private static let seed = number("MICROSAM_FUZZ_SEED") ?? 7

    private static let size = Size(width: 40, height: 24)

    /// Spots with and without outlines, hidden ones, tracks that are filtered out, a division, units.
    private static let handWritten = """
        <?xml version="1.0" encoding="UTF-8"?>
        <TrackMate version="7.13.2"><!-- by hand -->
        <Model spatialunits="micron" timeunits="sec"><AllSpots nspots="5"><SpotsInFrame frame="0">
        <Spot ID="8000001" name="a &amp; b" FRAME="0" POSITION_X="4" POSITION_Y="6" RADIUS="2" VISIBILITY="1" \
        ROI_N_POINTS="4">-2 -2 2 -2 2 2 -2 2</Spot></SpotsInFrame><SpotsInFrame frame="1">
        <Spot ID="8000002" FRAME="1.0" POSITION_X="5" POSITION_Y="6" RADIUS="2.5" VISIBILITY="1" ROI_N_POINTS="3">0 0 4 0 0 8</Spot>
        <Spot ID="8000003" FRAME="1" POSITION_X="1e1" POSITION_Y="3" RADIUS="1" VISIBILITY="0" LABEL="3" TRACK_NUMBER="2"/>
        <Spot ID="8000004" FRAME="2" POSITION_X="12" POSITION_Y="9" RADIUS="1" AREA="7" ROI_N_POINTS="0"></Spot>
        <Spot ID="8000005" FRAME="2" POSITION_X="2" POSITION_Y="9" RADIUS="3"/></SpotsInFrame></AllSpots>
        <AllTracks><Track name="t" TRACK_ID="0"><Edge SPOT_SOURCE_ID="8000001" SPOT_TARGET_ID="8000002"/>
        <Edge SPOT_SOURCE_ID="8000004" SPOT_TARGET_ID="8000002"/><Edge SPOT_SOURCE_ID="8000002" SPOT_TARGET_ID="8000005"/></Track>
        <Track TRACK_ID="1"/></AllTracks><FilteredTracks><TrackID TRACK_ID="0"/></FilteredTracks></Model>
        <Settings><ImageData width="40" height="24" nframes="3" pixelwidth="0.5" pixelheight="0.25" timeinterval="2"/></Settings>
        </TrackMate>
        """

    /// A file that the writer has made.
    private static func written() throws -> [UInt8] {
        let (folder, movie) = (try TemporaryFolder(), try MovieSample(frames: 4))
        var writer = try TrackMateWriter(
            creating: folder.file("a.xml"),
            of: movie.graph,
            movie: .init(size: MovieSample.size, frameCount: 4)
        )
        for frame in movie.frames { try writer.append(frame) }
        try writer.finish()
        return Array(try Data(contentsOf: folder.file("a.xml")))
    }

    @Test("Every file is read or refused; what is read can be used, and written again")
    func damaged() throws {
        let seeds = [Array(Self.handWritten.utf8), try Self.written()]
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "trackmate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appending(path: "input.xml")
        var (refused, read) = (0, 0)
        for seed in seeds {
            try Data(seed).write(to: url)
            try Self.use(url, in: folder)
        }
        for number in 0..<Self.inputs {
            var mutator = MarkupMutator(seed: Self.seed << 40 ^ number)
            try Data(mutator.damaged(seeds)).write(to: url)
            do {
                try Self.use(url, in: folder)
                read += 1
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        // Both happen often, or the damage is not what it should be.
        #expect(refused > Self.inputs / 5 && read > Self.inputs / 20)
        print(
            "TrackMate: \(Self.inputs) inputs of seed \(Self.seed): \(refused) refused, \(read) read"
        )
        try FileManager.default.removeItem(at: folder)
    }

    /// What happens to tracks next: they are painted, matched with objects, looked through, and written and read again.
    private static func use(_ url: URL, in folder: URL) throws(TrackFileError) {
        for onlyVisible in [false, true] {
            let file = try TrackMateFile(reading: url, onlyVisible: onlyVisible)
            let graph = file.graph
            let frames = Set(graph.nodes.map(\.frame)).sorted()
            #expect(file.frameCount > (frames.last ?? -1))
            #expect(file.outlines.count <= graph.count)
            for link in graph.links {
                #expect((graph[link.parent]?.frame ?? 0) < (graph[link.child]?.frame ?? 0))
            }
            for places in [false, true] {
                var matching = ObjectMatching(of: file, arePainted: !places)
                // An object that has no pixels, or a frame behind the movie, is an error, and may be one here.
                _ = try? {
                    for frame in 0..<4 { try matching.add(file.labels(frame: frame, size: size)) }
                    _ = try matching.finish()
                }()
            }
            for frame in frames.suffix(2) { _ = file.labels(frame: frame, size: size) }
            _ = graph.suspicions()
            // Writers count every frame.
            if let last = frames.last, last > 100 { continue }
            try again(file, in: folder)
        }
    }

    /// Writes tracks, and compares what is read then.
    private static func again(_ file: TrackMateFile, in folder: URL) throws(TrackFileError) {
        let url = folder.appending(path: "again.xml")
        let count = min(file.frameCount, 101)
        do {
            var writer = try TrackMateWriter(
                creating: url,
                of: file.graph,
                movie: .init(size: size, frameCount: count, physicalSize: file.physicalSize)
            )
            for _ in 0..<count { try writer.append() }
            try writer.finish()
        } catch {
            Issue.record("what was read cannot be written: \(error)")
            return
        }
        let second = try TrackMateFile(reading: url).graph
        #expect(second.count == file.graph.count)
        #expect(second.links.count == file.graph.links.count)
    }
}

/// Changes markup in the ways that find mistakes in readers, the same for the same seed.
private struct MarkupMutator {
    private var generator: SplitMix64

    private static let pieces = [
        "0", "-1", "1e999", "1e9", "-1e9", "1e-300", "NaN", "inf", "4294967296",
        "9223372036854775807",
        "-9223372036854775808", "1099511627776", "0x10", "<", ">", "\"", "&", "&#x110000;", "&#0;",
        "&amp;", "/>", "<!--",
        "]]>", "<Spot ", "</Model>",
        "<Edge SPOT_SOURCE_ID=\"8000001\" SPOT_TARGET_ID=\"8000005\"/>",
        "<TrackID TRACK_ID=\"1\"/>",
        "<FilteredTracks/>", " ROI_N_POINTS=\"3\"", "é", "\u{0}", "\u{FEFF}", ":", "<a><a><a><a>",
    ]

    /// Values that arithmetic does not expect.
    private static let values = [
        "0", "-1", "1", "3", "1e9", "-1e9", "1e-9", "1e-300", "999999999", "1099511627776",
        "9223372036854775807", "-5", "4294967295",
        "4294967296", "1e18", "2.5", "NaN", "",
    ]

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// One of the seeds with a few changes.
    mutating func damaged(_ seeds: [[UInt8]]) -> [UInt8] {
        var bytes = seeds[Int.random(in: seeds.indices, using: &generator)]
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            change(&bytes)
        }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...40, using: &generator), bytes.count - position)
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: bytes[position] = .random(in: 0...255, using: &generator)
        case 1: bytes.removeSubrange(position..<position + length)
        case 2: bytes.removeSubrange(position...)
        case 3: bytes.insert(contentsOf: bytes[position..<position + length], at: position)
        case 4:
            let piece = Self.pieces[Int.random(in: Self.pieces.indices, using: &generator)]
            bytes.insert(contentsOf: piece.utf8, at: position)
        case 5...7: replaceValue(behind: position, in: &bytes)
        default: bytes[position] = UInt8.random(in: 48...57, using: &generator)
        }
    }

    /// Replaces the next value in quotation marks.
    private mutating func replaceValue(behind position: Int, in bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        let equals = UInt8(ascii: "=")
        guard let sign = bytes[position...].firstIndex(of: equals), sign + 1 < bytes.count,
            bytes[sign + 1] == quote,
            let end = bytes[(sign + 2)...].firstIndex(of: quote)
        else { return }
        let value = Self.values[Int.random(in: Self.values.indices, using: &generator)]
        bytes.replaceSubrange(sign + 2..<end, with: value.utf8)
    }
}
