import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Samples, as a user gets them")
struct SampleTests {
    @Test(
        "A simulated stack comes with its true objects, and is not replaced without being asked",
        arguments: [("4", 4), ("1", 1)]
    )
    func volume(slices: String, count: Int) throws {
        let place = try Workplace()
        let line = ["sample", "volume", "--width", "96", "--height", "80", "--slices", slices]
        let end = try Program.run(line, in: place.folder)
        #expect(end.status == 0, "\(end.error)")
        #expect(end.output.contains("volume.tif: \(count) slice"))
        for name in ["volume.tif", "volume_truth.tif"] {
            let source = try ImageSource(opening: URL(filePath: place.path(name)))
            #expect(source.description.axes == ImageAxes(z: count, y: 80, x: 96))
            #expect(
                source.description.physicalSize.z
                    == (count > 1 ? 0.9 : source.description.physicalSize.z)
            )
        }
        let again = try Program.run(line, in: place.folder)
        #expect(again.status == 1 && again.error.contains("--force"))
        #expect(try Program.run(line + ["--force"], in: place.folder).status == 0)
    }

    @Test("Too many slices are refused in words", arguments: ["0", "1001"])
    func slices(_ count: String) throws {
        let place = try Workplace()
        let end = try Program.run(["sample", "volume", "--slices", count], in: place.folder)
        #expect(end.status == 64 && end.error.contains("--slices is \(count)"))
    }

    @Test("The list names all simulated samples")
    func list() throws {
        let place = try Workplace()
        let end = try Program.run(["sample", "--list"], in: place.folder)
        for name in ["simulated", "movie", "volume"] { #expect(end.output.contains(name)) }
    }
}
