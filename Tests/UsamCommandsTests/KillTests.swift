import Foundation
import Testing
import UsamCommands

@Suite("Killed runs", .serialized)
struct KillTests {
    @Test("A run killed at any moment goes on, and ends with the same bytes")
    func killed() throws {
        let place = try Workplace()
        for index in 0..<5 { try place.writeImage("in/\(index).tif", width: 61 + index) }
        let whole = ["segment", "in", "--format", "tif,csv,ome-zarr", "-o"]
        #expect(try Program.run(whole + ["once"], in: place.folder).status == 0)
        let expected = try contents(place, "once")
        #expect(expected.count > 5 * 3)

        var generator = SystemRandomNumberGenerator()
        var kills = 0
        while kills < 3 {
            let before = lines(place)
            let wanted = before + Int.random(in: 0...2, using: &generator)
            let extra = Double.random(in: 0...0.3, using: &generator)
            let end = try Program.run(whole + ["killed"], in: place.folder) { process in
                let deadline = Date.now + 60
                while lines(place) < wanted, process.isRunning, Date.now < deadline {
                    Thread.sleep(forTimeInterval: 0.01)
                }
                Thread.sleep(forTimeInterval: extra)
                kill(process.processIdentifier, SIGKILL)
            }
            kills += 1
            if end.status == 0 { break }
        }
        let end = try Program.run(whole + ["killed"], in: place.folder)
        #expect(end.status == 0)
        #expect(try contents(place, "killed") == expected)
        let text = try ManifestText(contentsOf: place.path("killed/manifest.jsonl"))
        let redone = text.items.count - Set(text.items.map(\.input)).count
        print("\(kills) kills, \(redone) images done again after they had been noted")
        #expect(redone <= kills)
    }

    @Test("A run is repeated from its manifest with the same results; changes are named")
    func rerun() throws {
        let place = try Workplace()
        for index in 0..<2 { try place.writeImage("in/\(index).tif", width: 61 + index) }
        let first = ["segment", "in", "-o", "out", "--format", "csv,tif", "--min-size", "3"]
        #expect(try Program.run(first, in: place.folder).status == 0)
        let same = try Program.run(["rerun", "out/manifest.jsonl"], in: place.folder)
        #expect(same.status == 0 && same.output.contains("2 images: 2 with identical results"))
        #expect(
            try place.files(in: "out-rerun") == [
                "0.csv", "0.tif", "1.csv", "1.tif", "manifest.jsonl",
            ]
        )
        try place.writeImage("in/1.tif", width: 80)
        let changed = try Program.run(
            ["rerun", "out/manifest.jsonl", "-o", "again"],
            in: place.folder
        )
        #expect(changed.status == 1 && changed.error.contains("1.tif: the image has changed"))
        #expect(changed.output.contains("1 image: 1 with identical results"))
        let other = try Program.run(
            ["segment", "in", "-o", "out", "--format", "csv,tif", "--min-size", "4"],
            in: place.folder
        )
        #expect(other.status == 1 && other.error.contains("minimum_size: 3, now 4"))
    }

    private func lines(_ place: Workplace) -> Int {
        let data = FileManager.default.contents(atPath: place.path("killed/manifest.jsonl"))
        return data?.filter { $0 == 0x0A }.count ?? 0
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
