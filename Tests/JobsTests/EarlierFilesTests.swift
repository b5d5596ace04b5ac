import Foundation
import Imaging
import JobSamples
import Jobs
import Prompting
import Testing

/// Files as the first version of the program with one way wrote them (revision 343c81e); the image is simulated.
@Suite("Files of earlier versions: batches")
struct EarlierFilesTests {
    /// A copy of the folder of a run, whose paths lead there.
    private func copied(to place: Workplace) throws -> String {
        let fixture = try #require(
            Bundle.module.url(
                forResource: "earlier",
                withExtension: nil,
                subdirectory: "Fixtures"
            )
        )
        let folder = place.path("run")
        try FileManager.default.copyItem(atPath: fixture.path, toPath: folder)
        let manifest = folder + "/out/manifest.jsonl"
        let text = try String(contentsOfFile: manifest, encoding: .utf8)
        try Data(text.replacing("FOLDER", with: folder).utf8).write(to: URL(filePath: manifest))
        return folder
    }

    @Test("A manifest is read, its images are recognised, and its run is continued")
    func manifest() async throws {
        let place = try Workplace()
        let folder = try copied(to: place)
        let path = folder + "/out/manifest.jsonl"
        let past = try PastRun(path)
        let settings = past.header.settings
        #expect(settings.automatic.mode == .instanceDecoder && settings.results == [.tiff, .table])
        #expect(settings.automatic.watershed.boundaryDistanceThreshold == 0.6)
        #expect(settings.limits == .standard && settings.tiling == .automatic)
        let images = past.images()
        #expect(images.problems.isEmpty && images.paths.count == 2)
        let items = ["cells0", "cells1"].map { name in
            BatchItem(
                input: "\(folder)/images/\(name).png",
                results: [
                    ResultFile(.tiff, "\(folder)/out/\(name).tif"),
                    ResultFile(.table, "\(folder)/out/\(name).csv"),
                ]
            )
        }
        var batch = SegmentationBatch.Settings()
        batch.segmentation = settings
        func go() async throws -> BatchReport.Counts {
            let manifest = try RunManifest(path, header: past.header)
            let result = await run(items, batch, manifest: manifest)
            #expect(result.errors == [])
            return result.report.counts
        }
        #expect(try await go().skipped == 2)
        for ending in ["tif", "csv"] {
            try FileManager.default.removeItem(atPath: "\(folder)/out/cells1.\(ending)")
        }
        let counts = try await go()
        #expect(counts.skipped == 1 && counts.segmented == 1)
        #expect(try PastRun(path).images().paths == images.paths)
    }
}
