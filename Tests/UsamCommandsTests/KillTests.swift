import Files
import Foundation
import JobSamples
import Jobs
import Testing
import UsamCommands

@Suite("Killed runs", .serialized)
struct KillTests {
    @Test(
        "A run killed at any moment goes on, ends with the same bytes, and redoes one image at most"
    )
    func killed() throws {
        let place = try Workplace()
        let images = 5
        for index in 0..<images { try place.writeImage("in/\(index).tif", width: 61 + index) }
        let whole = ["segment", "in", "--format", "tif,csv,ome-zarr", "-o"]
        #expect(try Program.run(whole + ["once"], in: place.folder, with: .brightness).status == 0)
        let expected = try contents(place, "once")
        #expect(expected.count > images * 3)

        // Each run stores its embeddings in a folder of its own, so that what is in it was begun there.
        func arguments(_ run: Int) -> [String] {
            whole + ["killed", "--embeddings", "embeddings\(run)"]
        }
        var generator = SystemRandomNumberGenerator()
        var kills = 0
        while kills < 4 {
            let wanted = Int.random(in: 1...2, using: &generator)
            let extra = Double.random(in: 0...0.3, using: &generator)
            let folder = "embeddings\(kills)"
            let end = try Program.run(arguments(kills), in: place.folder, with: .brightness) {
                process in
                let deadline = Date.now + 60
                while begun(place, folder) < wanted, process.isRunning, Date.now < deadline {
                    Thread.sleep(forTimeInterval: 0.002)
                }
                Thread.sleep(forTimeInterval: extra)
                kill(process.processIdentifier, SIGKILL)
            }
            kills += 1
            if end.status == 0 { break }
        }
        let end = try Program.run(arguments(kills), in: place.folder, with: .brightness)
        #expect(end.status == 0)
        #expect(try contents(place, "killed") == expected)
        let counts = (0...kills).map { begun(place, "embeddings\($0)") }
        print("\(kills) kills; images that the model began, by run: \(counts)")
        #expect(counts.reduce(0, +) <= images + kills)
    }

    @Test("A run is repeated from its manifest with the same results; changes are named")
    func rerun() throws {
        let place = try Workplace()
        for index in 0..<2 { try place.writeImage("in/\(index).tif", width: 61 + index) }
        let first = ["segment", "in", "-o", "out", "--format", "csv,tif", "--min-size", "3"]
        #expect(try Program.run(first, in: place.folder, with: .brightness).status == 0)
        let same = try Program.run(
            ["rerun", "out/manifest.jsonl"],
            in: place.folder,
            with: .brightness
        )
        #expect(same.status == 0 && same.output.contains("2 images: 2 with identical results"))
        #expect(
            try place.files(in: "out-rerun") == [
                "0.csv", "0.tif", "1.csv", "1.tif", "all_objects.csv", "manifest.jsonl",
            ]
        )
        try place.writeImage("in/1.tif", width: 80)
        let changed = try Program.run(
            ["rerun", "out/manifest.jsonl", "-o", "again"],
            in: place.folder,
            with: .brightness
        )
        #expect(changed.status == 1 && changed.error.contains("1.tif: the image has changed"))
        #expect(changed.output.contains("1 image: 1 with identical results"))
        let other = try Program.run(
            ["segment", "in", "-o", "out", "--format", "csv,tif", "--min-size", "4"],
            in: place.folder,
            with: .brightness
        )
        #expect(other.status == 1 && other.error.contains("minimum_size: 3, now 4"))
    }

    /// How many images the model began whose embeddings are stored in a folder.
    private func begun(_ place: Workplace, _ folder: String) -> Int {
        guard FileStatus(of: place.path(folder)) != nil else { return 0 }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path(folder))) ?? []
        return names.filter { $0.hasSuffix(".zarr") }.count
    }

    /// All results by name, without the manifest, which holds times.
    private func contents(_ place: Workplace, _ folder: String) throws -> [String: Data] {
        var result: [String: Data] = [:]
        for name in try place.files(in: folder) where name != "manifest.jsonl" {
            result[name] = try Data(contentsOf: URL(filePath: place.path("\(folder)/\(name)")))
        }
        return result
    }
}
