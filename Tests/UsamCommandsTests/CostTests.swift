import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Cost is said before it is paid", .serialized)
struct CostTests {
    /// Dots of some pixels in rows.
    private func writeDots(_ place: Workplace, _ name: String, width: Int, every step: Int) throws {
        var image = Raster<UInt8>(repeating: 10, size: Size(width: width, height: 128))
        for y in 0..<128 {
            for x in 0..<width where x % step < step / 2 && y % step < step / 2 {
                image[x: x, y: y] = 200
            }
        }
        try AnyRaster.uint8(image).writeTIFF(to: URL(filePath: place.path(name)))
    }

    @Test("A field of small objects costs a few passes, and the sentence comes before them")
    func smallObjects() throws {
        let place = try Workplace()
        try writeDots(place, "dots.tif", width: 160, every: 16)
        let end = try Program.run(
            ["segment", "dots.tif", "-o", "l.tif"],
            in: place.folder,
            with: .brightness
        )
        #expect(end.status == 0)
        let line = try #require(end.error.split(separator: "\n").first)
        let text = try #require(line.firstMatch(of: /in ([0-9]+) tiles: ([0-9]+) passes, about/))
        #expect(try #require(Int(text.1)) <= 4 && #require(Int(text.2)) <= 6, "\(line)")
        #expect(line.contains("--tile-shape none"))
    }

    @Test("A large image says its tiles before, and a pipe shows how far it is")
    func largeImage() throws {
        let place = try Workplace()
        try writeDots(place, "wide.tif", width: 1600, every: 40)
        let arguments = ["segment", "wide.tif", "-o", "l.tif", "--diameter", "200"]
        let end = try Program.run(arguments, in: place.folder, with: .brightness)
        #expect(end.status == 0)
        let lines = end.error.split(separator: "\n")
        #expect(lines.first?.contains("are divided into 2 tiles") == true, "\(lines)")
        #expect(lines.first?.contains(": 2 passes (") == true, "\(lines)")
    }

    @Test("A grid of points that finds nothing says why", arguments: ["0.88", "0.75"])
    func nothingFound(threshold: String) throws {
        let place = try Workplace()
        let size = Size(width: 96, height: 80)
        let ramp = try Raster(
            size: size,
            samples: (0..<size.count).map { UInt8($0 % size.width * 2) }
        )
        try AnyRaster.uint8(ramp).writeTIFF(to: URL(filePath: place.path("ramp.tif")))
        let end = try Program.run(
            [
                "segment", "ramp.tif", "-o", "l.tif", "--mode", "amg", "--points-per-side", "4",
                "--pred-iou-thresh", threshold,
            ],
            in: place.folder
        )
        #expect(end.status == 0 && end.output.contains("ramp.tif: 0 objects -> l.tif"))
        #expect(
            end.error.contains("no mask is expected to be better than \(threshold), and the best")
        )
        #expect(end.error.contains("(--pred-iou-thresh lowers this limit)"))
    }

    @Test(
        "A grid of points is said before its masks, in each command once",
        arguments: [
            "segment i/b.tif -o l.tif --mode amg --points-per-side 4",
            "evaluate automatic i/b.tif --labels l/b.tif --mode amg",
            "track movie.tif -o tracks --mode amg --points-per-side 4",
        ]
    )
    func gridOfPoints(line: String) throws {
        let place = try Workplace()
        try place.writePair("b")
        try place.write(to: "movie.tif")
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("movie.tif")),
            axes: ImageAxes(t: 2, y: 40, x: 60),
            sampleType: .uint8
        )
        for x in [9, 12] {
            var frame = Raster<UInt8>(repeating: 10, size: Size(width: 60, height: 40))
            for y in 5..<15 { for column in x..<x + 10 { frame[x: column, y: y] = 200 } }
            try writer.append(.uint8(frame))
        }
        try writer.finish()
        let arguments = line.split(separator: " ").map(String.init)
        let end = try Program.run(arguments, in: place.folder, with: .narrow)
        #expect(end.status == 0, "\(end.error)")
        let text = "points (half as many points per side take a quarter of the time"
        #expect(end.error.split(separator: text).count == 2, "\(end.error)")
    }
}
