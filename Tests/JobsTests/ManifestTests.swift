import Files
import Foundation
import Imaging
import JobSamples
import Jobs
import Prompting
import SegmentAnything
import Segmentation
import Synchronization
import Testing

@Suite("Manifest of a run")
struct ManifestTests {
    private func items(_ place: Workplace, _ names: [String]) throws -> [BatchItem] {
        try names.map {
            BatchItem(
                input: try place.writeImage("in/\($0).tif"),
                results: [
                    ResultFile(.tiff, place.path("out/\($0).tif")),
                    ResultFile(.table, place.path("out/\($0).csv")),
                ]
            )
        }
    }

    private func manifest(
        _ place: Workplace,
        _ settings: SegmentationSettings = SegmentationSettings(),
        replacesResults: Bool = false
    ) throws -> RunManifest {
        try RunManifest(
            place.path("out/manifest.jsonl"),
            header: manifestHeader(settings, replacesResults: replacesResults)
        )
    }

    @Test("Each image is a line with hashes, and a second run skips what has one")
    func lines() async throws {
        let place = try Workplace()
        let items = try items(place, ["a", "b"])
        let first = await run(items, manifest: try manifest(place))
        #expect(first.report.counts.segmented == 2)
        let text = try ManifestText(contentsOf: place.path("out/manifest.jsonl"))
        #expect(text.header.settings == SegmentationSettings())
        #expect(text.items.map(\.input) == items.map(\.input))
        for line in text.items {
            #expect(line.status == .segmented && line.objects == 2 && line.width == 61)
            let hash = try ContentDigest.digest(of: line.input)
            #expect(line.inputHash == hash)
            #expect(line.outputs.map(\.kind) == [.tiff, .table])
            for output in line.outputs {
                #expect(!output.path.contains("/"))
                let hash = try ContentDigest.digest(of: place.path("out/\(output.path)"))
                #expect(output.hash == hash)
            }
        }
        let second = await run(items, manifest: try manifest(place))
        #expect(second.report.counts.skipped == 2)
    }

    @Test("The model begins an image when the results of those before it are there")
    func order() async throws {
        let place = try Workplace()
        let items = try items(place, ["a", "b", "c"])
        let path = place.path("out/manifest.jsonl")
        let seen = Mutex<[Int]>([])
        let watching = WatchingSegmenter {
            let text = try? ManifestText(contentsOf: path)
            let noted = text?.items.count ?? 0
            let named = items.prefix(noted).allSatisfy(\.isFinished)
            seen.withLock { $0.append(named ? noted : -1) }
        }
        _ = await run(items, manifest: try manifest(place)) { watching }
        #expect(seen.withLock { $0 } == [0, 1, 2])
    }

    @Test("A half line of a killed run is cut off, and the work goes on behind it")
    func tornLine() async throws {
        let place = try Workplace()
        let items = try items(place, ["a", "b"])
        _ = await run([items[0]], manifest: try manifest(place))
        let url = URL(filePath: place.path("out/manifest.jsonl"))
        var data = try Data(contentsOf: url)
        data.append(Data(#"{"record":"item","inp"#.utf8))
        try data.write(to: url)
        let result = await run(items, manifest: try manifest(place))
        #expect(result.report.files.map(\.status) == [.skipped, .segmented])
        let text = try ManifestText(contentsOf: url.path)
        let byteCount = try Data(contentsOf: url).count
        #expect(text.items.count == 2 && text.validByteCount == byteCount)
    }

    @Test("A line whose result did not get its name is done again, and nothing else")
    func unnamedResult() async throws {
        let place = try Workplace()
        let items = try items(place, ["a", "b", "c"])
        _ = await run(items, manifest: try manifest(place))
        let before = try Data(contentsOf: URL(filePath: items[2].output))
        // As after a kill between the line and the renaming, where an older result lies.
        try place.write([1, 2, 3], to: "out/c.tif")
        let result = await run(items, manifest: try manifest(place))
        #expect(result.report.files.map(\.status) == [.skipped, .skipped, .segmented])
        #expect(try Data(contentsOf: URL(filePath: items[2].output)) == before)
        try FileManager.default.removeItem(atPath: items[0].results[1].path)
        let again = await run(items, manifest: try manifest(place))
        #expect(again.report.files.map(\.status) == [.segmented, .skipped, .skipped])
    }

    @Test("An image that has changed is done again; a result of unknown origin is not replaced")
    func changes() async throws {
        let place = try Workplace()
        let items = try items(place, ["a", "b"])
        try place.write([1], to: "out/b.tif")
        try place.write([1], to: "out/b.csv")
        let first = await run(items, manifest: try manifest(place))
        #expect(first.report.files.map(\.status) == [.segmented, .failed])
        #expect(first.report.errors[0].contains("out/b.tif: the file exists"))
        #expect(FileStatus(of: place.path("out/b.tif"))?.byteCount == 1)
        try place.writeImage("in/a.tif", width: 70)
        let second = await run(items, manifest: try manifest(place))
        #expect(second.report.files.map(\.status) == [.segmented, .failed])
        #expect(second.report.files[0].width == 70)
    }

    @Test("Other settings are refused with what differs, and replace results when asked to")
    func otherSettings() async throws {
        let place = try Workplace()
        let items = try items(place, ["a"])
        _ = await run(items, manifest: try manifest(place))
        var settings = SegmentationSettings()
        settings.automatic.watershed.minimumSize = 50
        settings.tiling = .never
        let error = #expect(throws: ManifestError.self) { try manifest(place, settings) }
        let message = try #require(error?.description)
        #expect(message.contains("minimum_size: 0, now 50"))
        #expect(message.contains("tiling: automatic, now never"))
        #expect(message.contains("replace them") && !message.contains("--"))
        let replacing = try manifest(place, settings, replacesResults: true)
        let result = await run(items, manifest: replacing)
        #expect(result.report.counts.segmented == 1)
        let text = try ManifestText(contentsOf: place.path("out/manifest.jsonl"))
        #expect(text.header.settings == settings && text.items.count == 1)
    }

    @Test("A manifest of failures alone does not stand in the way of other settings")
    func failuresAlone() async throws {
        let place = try Workplace()
        let missing = [BatchItem(input: place.path("in/a.tif"), output: place.path("out/a.tif"))]
        _ = await run(missing, manifest: try manifest(place))
        #expect(FileStatus(of: place.path("out/manifest.jsonl")) == nil)
        var settings = SegmentationSettings()
        settings.tiling = .never
        try place.writeImage("in/a.tif")
        let other = await run(missing, manifest: try manifest(place, settings))
        #expect(other.report.counts.segmented == 1)
        #expect(throws: ManifestError.self) { try manifest(place) }
        // Nor does one whose results were deleted.
        try FileManager.default.removeItem(atPath: place.path("out/a.tif"))
        let again = await run(missing, manifest: try manifest(place))
        #expect(again.report.counts.segmented == 1)
    }

    @Test("Further results are made of the labels that are there, without the model")
    func furtherResults() async throws {
        let place = try Workplace()
        let input = try place.writeImage("in/a.tif")
        func item(_ kinds: [ResultKind]) -> BatchItem {
            BatchItem(
                input: input,
                results: kinds.map { ResultFile($0, place.path("out/a" + $0.ending)) }
            )
        }
        var settings = SegmentationSettings()
        settings.results = [.tiff]
        _ = await run([item([.tiff])], manifest: try manifest(place, settings))
        let before = try Data(contentsOf: URL(filePath: place.path("out/a.tif")))
        let kinds: [ResultKind] = [.geoJSON, .tiff, .table, .overlay]
        settings.results = kinds
        let more = await run([item(kinds)], manifest: try manifest(place, settings)) {
            throw JobFailure("not needed")
        }
        #expect(more.report.counts.segmented == 1 && more.report.counts.objects == 2)
        #expect(try Data(contentsOf: URL(filePath: place.path("out/a.tif"))) == before)
        let text = try ManifestText(contentsOf: place.path("out/manifest.jsonl"))
        #expect(text.header.settings.results == [.tiff, .geoJSON, .table, .overlay])
        #expect(text.items.last?.outputs.map(\.kind) == text.header.settings.results)
        // Fewer results than before are there already.
        settings.results = [.table]
        let fewer = await run([item([.table])], manifest: try manifest(place, settings)) {
            throw JobFailure("not needed")
        }
        #expect(fewer.report.counts.skipped == 1)
        // A label image that was changed by hand is no source of others.
        try place.write([1], to: "out/a.tif")
        try FileManager.default.removeItem(atPath: place.path("out/a.csv"))
        let changed = await run([item([.table])], manifest: try manifest(place, settings))
        #expect(changed.report.counts.segmented == 1)
    }

    @Test("The result of one image is not replaced by that of another of the same name")
    func otherImage() async throws {
        let place = try Workplace()
        let output = place.path("out/a.tif")
        let first = try place.writeImage("one/a.tif")
        let second = try place.writeImage("two/a.tif", width: 80)
        _ = await run([BatchItem(input: first, output: output)], manifest: try manifest(place))
        let refused = await run(
            [BatchItem(input: second, output: output)],
            manifest: try manifest(place)
        )
        #expect(refused.report.counts.failed == 1)
        #expect(refused.report.errors[0].contains("result of another image"))
        // The same image elsewhere is the same image.
        try FileManager.default.moveItem(atPath: first, toPath: place.path("b.tif"))
        let moved = await run(
            [BatchItem(input: place.path("b.tif"), output: output)],
            manifest: try manifest(place)
        )
        #expect(moved.report.counts.skipped == 1)
    }

    @Test("Two runs cannot write to one manifest")
    func lock() async throws {
        let place = try Workplace()
        let items = try items(place, ["a"])
        _ = await run(items, manifest: try manifest(place))
        let first = try manifest(place)
        let error = #expect(throws: ManifestError.self) { try manifest(place) }
        #expect(error?.description.contains("another run") == true)
        withExtendedLifetime(first) {}
    }

    @Test("Another file is not taken for a manifest")
    func foreign() throws {
        let place = try Workplace()
        try place.write(Array("{\"a\": 1}\n".utf8), to: "out/manifest.jsonl")
        let error = #expect(throws: ManifestError.self) { try manifest(place) }
        #expect(error?.description.contains("line 1") == true)
    }

    @Test("Failures are lines, too, and are tried again")
    func failures() async throws {
        let place = try Workplace()
        var items = try items(place, ["a"])
        items.append(
            BatchItem(input: place.path("in/missing.tif"), output: place.path("out/missing.tif"))
        )
        _ = await run(items, manifest: try manifest(place))
        let text = try ManifestText(contentsOf: place.path("out/manifest.jsonl"))
        #expect(text.items.map(\.status) == [.segmented, .failed])
        #expect(text.items[1].error?.contains("missing.tif") == true)
        try place.writeImage("in/missing.tif")
        let again = await run(items, manifest: try manifest(place))
        #expect(again.report.files.map(\.status) == [.skipped, .segmented])
    }

    @Test("Settings survive the way into a manifest and back")
    func settings() throws {
        var settings = SegmentationSettings()
        settings.automatic.mode = .generatedPrompts
        settings.automatic.prompts.maximumSize = 900
        settings.automatic.watershed.centerDistanceThreshold = 0.4
        settings.automatic.generation.cropOverlapRatio = 1.0 / 3
        settings.plane.channels = [.name("DAPI"), .number(2)]
        settings.results = [.omeZarr, .imageJRegions, .overlay]
        settings.behavior = .reference
        for tiling in [
            TilingChoice.never, .automatic, .always(.standard), .objects(diameter: 7.5),
        ] {
            settings.tiling = tiling
            let text = try JSONText.encodeLine(settings)
            let back = try JSONText.decode(SegmentationSettings.self, from: Data(text.utf8))
            #expect(back == settings)
        }
    }
}
