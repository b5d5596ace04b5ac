import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

@Suite("Tiles of pixels")
struct PixelTests {
    @Test("The levels and tiles of an image put together are the image, and halves of it")
    func levels() async throws {
        try await Site.run { site in
            let summary = try await site.get("/images/1")
            #expect(summary["dtype"] as? String == "uint16")
            let levels = try #require(summary["levels"] as? [[String: Int]])
            #expect(levels.map { $0["x"] } == [700, 350])
            #expect(levels.map { $0["y"] } == [600, 300])
            let full = try await site.level(0, size: Size(width: 700, height: 600))
            #expect(full == Site.ramp(Size(width: 700, height: 600)))
            let half = try await site.level(1, size: Size(width: 350, height: 300))
            for (x, y) in [(0, 0), (349, 299), (100, 255), (256, 256)] {
                // The mean of 20x + 2y and its neighbours at 10, 1 and 11 more, rounded.
                #expect(half[x: x, y: y] == UInt16(20 * x + 2 * y + 6), "\(x) \(y)")
            }
        }
    }

    @Test(
        "Files that are decoded as a whole are cut the same way",
        arguments: [Size(width: 1100, height: 1025), Size(width: 513, height: 1)]
    )
    func wholeFiles(size: Size) async throws {
        try await Site.run(
            prepare: { folder in
                try AnyRaster.uint16(Site.ramp(size))
                    .writePNG(to: folder.appending(path: "a.png"))
                return ["a.png"]
            },
            { site in
                let full = try await site.level(0, size: size, image: 2)
                #expect(full == Site.ramp(size))
                let levels = try #require(
                    try await site.get("/images/2")["levels"] as? [[String: Int]]
                )
                let last = try #require(levels.last)
                #expect((last["x"] ?? 0) <= 512 && (last["y"] ?? 0) <= 512)
                let response = try await site.send(
                    .get,
                    "/api/1/images/2/pixels/\(levels.count - 1)/0/0/0/0"
                )
                #expect(response.header("X-Width") == "\(last["x"] ?? 0)")
                #expect(response.header("X-Height") == "\(last["y"] ?? 0)")
            }
        )
    }

    @Test("Floats, colours and channels have their types and names")
    func types() async throws {
        let size = Size(width: 20, height: 10)
        try await Site.run(
            prepare: { folder in
                let floats = Site.ramp(size).map { Float($0) / 4 }
                try AnyRaster.float32(floats).writeTIFF(to: folder.appending(path: "f.tif"))
                let planes = [0, 50, 100].map { start in
                    AnyRaster.uint8(Site.ramp(size).map { UInt8(truncatingIfNeeded: $0) &+ start })
                }
                try AnyRaster(channels: planes).writePNG(to: folder.appending(path: "c.png"))
                return ["f.tif", "c.png"]
            },
            { site in
                let floats = try await site.get("/images/2")
                #expect(floats["dtype"] as? String == "float32")
                let tile = try await site.send(.get, "/api/1/images/2/pixels/0/0/0/0/0")
                #expect(tile.bytes.count == 20 * 10 * 4)
                let value = tile.bytes.withUnsafeBytes {
                    $0.loadUnaligned(fromByteOffset: 4 * 21, as: Float.self)
                }
                #expect(value == Float(2.75))
                let colours = try await site.get("/images/3")
                let channels = try #require(colours["channels"] as? [[String: Any]])
                #expect(channels.compactMap { $0["name"] as? String } == ["red", "green", "blue"])
                #expect(channels[2]["color"] as? String == "#0000ff")
                let blue = try await site.send(.get, "/api/1/images/3/pixels/0/0/0/0/0?c=2")
                #expect(blue.bytes.count == 200)
                #expect(blue.bytes[21] == 111)
                let picture = try await site.send(.get, "/api/1/images/3/thumbnail")
                #expect(picture.header("Content-Type") == "image/png")
                #expect(picture.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
            }
        )
    }

    @Test("Intensities are measured: extremes and percentiles")
    func ranges() async throws {
        try await Site.run { site in
            let list = try #require(
                try await site.get("/images")["images"] as? [[String: Any]]
            )
            #expect(list.count == 1)
            #expect(list[0]["levels"] == nil)
            let summary = try await site.get("/images/1")
            let channels = try #require(summary["channels"] as? [[String: Any]])
            #expect(channels[0]["min"] as? Double == 0)
            #expect(channels[0]["max"] as? Double == Double(7589))
            let low = try #require(channels[0]["low"] as? Double)
            let high = try #require(channels[0]["high"] as? Double)
            #expect(low > 0 && low < 150)
            #expect(high > 7400 && high < 7589)
        }
    }

    @Test("What a browser has is not sent again; what lasts is named by the version")
    func caching() async throws {
        try await Site.run { site in
            let version = try #require(try await site.get("/images/1")["version"] as? String)
            let path = "/api/1/images/1/pixels/0/0/0/0/0?c=0"
            let plain = try await site.send(.get, path)
            #expect(plain.header("Cache-Control") == "private, no-cache")
            let lasting = try await site.send(.get, path + "&v=\(version)")
            #expect(lasting.header("Cache-Control")?.contains("immutable") == true)
            let tag = try #require(plain.header("ETag"))
            let again = try await site.send(.get, path, headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            #expect(again.bytes.isEmpty)
        }
    }

    @Test(
        "Tiles that there are not are not found",
        arguments: [
            "2/0/0/0/0", "0/1/0/0/0", "0/0/1/0/0", "0/0/0/2/0", "0/0/0/0/2", "0/0/0/0/0?c=1",
            "0/0/0/0/99999999999999999999", "0/0/0/-1/0", "x/0/0/0/0", "0/0/0/0/0?c=x",
            "9223372036854775807/0/0/0/0",
        ]
    )
    func missing(_ path: String) async throws {
        try await Site.run { site in
            let response = try await site.send(.get, "/api/1/images/1/pixels/" + path)
            #expect([.notFound, .badRequest].contains(response.status))
        }
    }

    @Test("Levels that were made are found again after a restart")
    func keptLevels() async throws {
        try await Site.run { site in
            _ = try await site.send(.get, "/api/1/images/1/pixels/1/0/0/0/0")
            let names = try FileManager.default.contentsOfDirectory(
                atPath: site.folder.appending(path: "cache").path
            )
            #expect(names.count == 1)
            #expect(names[0].hasSuffix(".levels"))
        }
    }
}

extension Site {
    /// A level put together from its tiles.
    func level(_ level: Int, size: Size, image: Int = 1) async throws -> Raster<UInt16> {
        var result = Raster<UInt16>(repeating: 0, size: size)
        for row in 0...(size.height - 1) / 512 {
            for column in 0...(size.width - 1) / 512 {
                let path = "/api/1/images/\(image)/pixels/\(level)/0/0/\(row)/\(column)"
                let response = try await send(.get, path)
                let width = min(512, size.width - column * 512)
                let bytes = response.bytes
                guard bytes.count % (2 * width) == 0 else { return result }
                for place in 0..<bytes.count / 2 {
                    let value = UInt16(bytes[2 * place]) | UInt16(bytes[2 * place + 1]) << 8
                    let (x, y) = (column * 512 + place % width, row * 512 + place / width)
                    result[x: x, y: y] = value
                }
            }
        }
        return result
    }
}
