import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import TrackFiles
import Tracking

@Suite("Folders of the Cell Tracking Challenge")
struct CTCFolderTests {
    private let size = Size(width: 5, height: 3)

    private func frame(_ labels: [UInt32]) throws -> LabelImage {
        try LabelImage(size: size, labels: labels + Array(repeating: 0, count: 15 - labels.count))
    }

    /// A track that divides into two, one of which is missing for a frame.
    private let records = [
        TrackRecord(id: 3, first: 1, last: 3, parent: 1),
        TrackRecord(id: 1, first: 0, last: 0),
        TrackRecord(id: 2, first: 1, last: 1, parent: 1),
    ]

    private func frames() throws -> [LabelImage] {
        try [frame([1, 1]), frame([2, 0, 3]), frame([]), frame([0, 3])]
    }

    private func write(
        to url: URL,
        options: CTCFolderWriter.Options = .init()
    ) throws {
        var writer = try CTCFolderWriter(
            creating: url,
            records: records,
            frameCount: 4,
            options: options
        )
        for frame in try frames() { try writer.append(frame) }
        try writer.finish()
    }

    @Test(
        "What is written is read again",
        arguments: CTCNames.allCases,
        [(0, "000"), (150, "150"), (998, "0998")]
    )
    func roundTrip(names: CTCNames, first: (number: Int, digits: String)) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("01_RES")
        try write(to: url, options: .init(names: names, firstFrame: first.number))
        #expect(try folder.contents == ["01_RES"])
        let prefix = names == .result ? "mask" : "man_track"
        let file = url.appending(path: "\(prefix)\(first.digits).tif").path
        #expect(FileManager.default.fileExists(atPath: file))
        let read = try CTCFolder(reading: url)
        #expect(read.names == names && read.firstFrame == first.number && read.size == size)
        #expect(read.records == records.sorted { $0.id < $1.id })
        #expect(try (0..<read.frameCount).map { try read.labels(frame: $0) } == frames())
        #expect(throws: TrackFileError.self) { try read.labels(frame: 4) }
        let table = try String(contentsOf: url.appending(path: names.table), encoding: .utf8)
        #expect(table.hasPrefix("1 \(first.number) \(first.number) 0\n2 "))
    }

    @Test("An empty result is a folder with an empty table")
    func empty() throws {
        let folder = try TemporaryFolder()
        var writer = try CTCFolderWriter(creating: folder.file("r"), records: [], frameCount: 1)
        try writer.append(frame([]))
        try writer.finish()
        let read = try CTCFolder(reading: folder.file("r"))
        #expect(read.records.isEmpty && read.frameCount == 1)
        #expect(try read.labels(frame: 0) == frame([]))
    }

    @Test("A frame without background keeps all its objects, also the smallest label")
    func withoutBackground() throws {
        let folder = try TemporaryFolder()
        let labels = try LabelImage(size: size, labels: (0..<15).map { $0 < 6 ? 70_001 : 9 })
        let records = [9, 70_001].map { TrackRecord(id: $0, first: 0, last: 0) }
        var writer = try CTCFolderWriter(
            creating: folder.file("r"),
            records: records,
            frameCount: 1
        )
        try writer.append(labels)
        try writer.finish()
        #expect(try CTCFolder(reading: folder.file("r")).labels(frame: 0) == labels)
    }

    @Test("A writer that does not finish leaves nothing, and what is there stays")
    func unfinished() throws {
        let folder = try TemporaryFolder()
        try write(to: folder.file("r"))
        #expect(throws: TrackFileError.self) { try write(to: folder.file("r")) }
        func begin(_ frames: Int) throws {
            var writer = try CTCFolderWriter(
                creating: folder.file("r"),
                records: records,
                frameCount: 4,
                options: .init(replaces: true)
            )
            for frame in try self.frames().prefix(frames) { try writer.append(frame) }
            try writer.finish()
        }
        #expect(throws: TrackFileError.self) { try begin(3) }
        #expect(try folder.contents == ["r"])
        #expect(try CTCFolder(reading: folder.file("r")).frameCount == 4)
        try begin(4)
        #expect(try folder.contents == ["r"])
        try folder.write("mine", to: "r/notes.txt")
        #expect(throws: TrackFileError.self) { try begin(4) }
        #expect(try CTCFolder(reading: folder.file("r")).frameCount == 4)
    }

    @Test("Labels that are not those of the records are refused")
    func mismatch() throws {
        let folder = try TemporaryFolder()
        func write(_ frames: [LabelImage], _ records: [TrackRecord]) throws {
            var writer = try CTCFolderWriter(
                creating: folder.file("r"),
                records: records,
                frameCount: frames.count
            )
            for frame in frames { try writer.append(frame) }
            try writer.finish()
        }
        let wrong: [([LabelImage], [TrackRecord])] = [
            (try [frame([1, 2])], [TrackRecord(id: 1, first: 0, last: 0)]),
            (try [frame([1]), frame([1])], [TrackRecord(id: 1, first: 0, last: 0)]),
            (try [frame([1]), frame([])], [TrackRecord(id: 1, first: 0, last: 1)]),
            (try [frame([1]), frame([1])], [TrackRecord(id: 1, first: 0, last: 2)]),
            (
                try [frame([1]), LabelImage(size: Size(width: 3, height: 5))],
                [
                    TrackRecord(id: 1, first: 0, last: 0)
                ]
            ),
        ]
        for (frames, records) in wrong {
            #expect(throws: TrackFileError.self) { try write(frames, records) }
        }
        #expect(try folder.contents.isEmpty)
    }

    @Test("Folders that are damaged end in an error of the right kind")
    func damaged() throws {
        let folder = try TemporaryFolder()
        func kind(_ change: (URL) throws -> Void) throws -> TrackFileError.Kind? {
            let url = folder.file("\(UUID())")
            try write(to: url)
            try change(url)
            do { _ = try CTCFolder(reading: url) } catch let error as TrackFileError {
                return error.kind
            }
            return nil
        }
        let files = FileManager.default
        func remove(_ name: String) -> (URL) throws -> Void {
            { try files.removeItem(at: $0.appending(path: name)) }
        }
        func copy(_ name: String, _ copy: String) -> (URL) throws -> Void {
            { try files.copyItem(at: $0.appending(path: name), to: $0.appending(path: copy)) }
        }
        #expect(try kind { _ in } == nil)
        #expect(try kind(remove("res_track.txt")) == .cannotOpen)
        #expect(try kind(remove("mask001.tif")) == .cannotOpen)
        #expect(try kind(remove("mask003.tif")) == .outOfRange)
        #expect(try kind(copy("mask001.tif", "mask0001.tif")) == .usedTwice)
        #expect(try kind(copy("res_track.txt", "man_track.txt")) == .damaged)
        #expect(try kind { try files.removeItem(at: $0) } == .cannotOpen)
        let url = folder.file("size")
        try write(to: url)
        try LabelImage(size: Size(width: 4, height: 4)).writeTIFF(
            to: url.appending(path: "mask002.tif")
        )
        #expect(throws: TrackFileError.self) { try CTCFolder(reading: url).labels(frame: 2) }
        try Data([1, 2, 3]).write(to: url.appending(path: "mask002.tif"))
        #expect(throws: ImageFormatError.self) { try CTCFolder(reading: url).labels(frame: 2) }
    }

    @Test("A frame of several planes is refused")
    func volume() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "r/res_track.txt")
        var writer = try TIFFWriter(
            creating: folder.file("r/mask000.tif"),
            axes: ImageAxes(z: 2, y: 3, x: 5),
            sampleType: .uint8
        )
        for _ in 0..<2 { try writer.append(.uint8(Raster(repeating: 0, size: size))) }
        try writer.finish()
        let error = try #require(throws: TrackFileError.self) {
            try CTCFolder(reading: folder.file("r"))
        }
        #expect(error.kind == .unsupported)
    }
}

@Suite("Folders of the challenge and of the reference", .enabled(if: Fixtures.areAvailable))
struct CTCFixtureTests {
    @Test("A ground truth and a result are read as the stacks that they were made of")
    func folders() throws {
        let metrics = Fixtures.folder.appending(path: "ctc_metrics")
        for (name, stack) in [("A_GT", "truth_A"), ("perturbed_RES", "perturbed")] {
            let folder = try CTCFolder(reading: metrics.appending(path: name))
            let table = try CTCTable(reading: metrics.appending(path: "\(stack).txt").path)
            #expect(folder.records == table.records && folder.firstFrame == 0)
            let file = try LabelFile(
                opening: metrics.appending(path: "\(stack).tif").path,
                axes: "tyx"
            )
            #expect(file.planeCount == folder.frameCount)
            for frame in 0..<folder.frameCount {
                #expect(try folder.labels(frame: frame) == file.read(plane: frame))
            }
        }
    }

    @Test("The folder of the reference, with four digits, is read")
    func reference() throws {
        let folder = try CTCFolder(
            reading: Fixtures.folder.appending(path: "trackastra_sim_ctc_greedy")
        )
        #expect(folder.names == .reference && folder.frameCount == 12)
        var present: Set<UInt32> = []
        for frame in 0..<12 {
            let labels = try folder.labels(frame: frame).objectLabels()
            let expected = folder.records.filter { ($0.first...$0.last).contains(frame) }
            #expect(Set(labels).isSubset(of: expected.map(\.id)))
            present.formUnion(labels)
        }
        #expect(present == Set(folder.records.map(\.id)))
    }
}
