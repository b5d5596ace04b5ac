import Annotations
import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

/// A stack of 70 slices; a sample is 1000 z + 10 y + x.
@Suite("Planes across the slices of a stack")
struct SectionTests {
    private static let size = Size(width: 600, height: 40)

    private static func run(
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await Site.run(
            prepare: { folder in
                let axes = ImageAxes(z: 70, y: size.height, x: size.width)
                let name = try Site.writeStack(axes, in: folder) { z in
                    var slice = Raster<UInt16>(repeating: 0, size: size)
                    for y in 0..<size.height {
                        for x in 0..<size.width {
                            slice[x: x, y: y] = UInt16(1000 * (z % 50) + 10 * y + x)
                        }
                    }
                    return slice
                }
                return [name]
            },
            body
        )
    }

    private static func values<Value: BitwiseCopyable>(
        _ response: TestClient.Response,
        _ type: Value.Type
    ) -> [Value] {
        // Safe because every position lies inside the bytes, and may be unaligned.
        response.bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / MemoryLayout<Value>.stride).map {
                bytes.loadUnaligned(
                    fromByteOffset: $0 * MemoryLayout<Value>.stride,
                    as: Value.self
                )
            }
        }
    }

    @Test("A row of every slice, and a column of every slice, are rows of a piece")
    func pixels() async throws {
        try await Self.run { site in
            let path = "/api/1/images/2/sections/y/0/7/0/1/pixels"
            let response = try await site.send(.get, path)
            #expect(response.header("X-Width") == "88" && response.header("X-Height") == "64")
            let row = Self.values(response, UInt16.self)
            #expect(row.count == 88 * 64)
            #expect(row[0] == 70 + 512 && row[88 * 3 + 5] == 3000 + 70 + 517)
            let tag = try #require(response.header("ETag"))
            let again = try await site.send(.get, path, headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
            let column = try await site.send(.get, "/api/1/images/2/sections/x/0/9/1/0/pixels")
            #expect(column.header("X-Width") == "40" && column.header("X-Height") == "6")
            #expect(Self.values(column, UInt16.self)[40 * 2 + 3] == 16_000 + 30 + 9)
        }
    }

    @Test("Labels across slices are those of the slices, now and after an earlier edit")
    func labels() async throws {
        try await Self.run { site in
            let parts = [3, 4].map { z -> [String: Any] in
                ["z": z, "mask": ["box": [5, 250, 9, 260], "runs": [0, 40]] as [String: Any]]
            }
            try await site.post(
                "/images/2/gestures",
                [
                    "key": UUID().uuidString, "client": UUID().uuidString,
                    "kind": "commitVolume", "objects": parts,
                ]
            )
            let path = "/api/1/images/2/sections/y/0/7/0/0/labels"
            let response = try await site.send(.get, path)
            let row = Self.values(response, UInt32.self)
            #expect(row.count == 512 * 64 && row.count { $0 == 1 } == 20)
            #expect(row[512 * 3 + 250] == 1 && row[512 * 4 + 259] == 1 && row[512 * 5 + 250] == 0)
            let column = try await site.send(.get, "/api/1/images/2/sections/x/0/255/0/0/labels")
            let values = Self.values(column, UInt32.self)
            #expect(values.count == 40 * 64 && values.count { $0 == 1 } == 8)
            #expect(values[40 * 3 + 5] == 1 && values[40 * 3 + 9] == 0)
            let before = try await site.send(.get, path + "?edit=0")
            #expect(Self.values(before, UInt32.self).allSatisfy { $0 == 0 })
            let tag = try #require(response.header("ETag"))
            let again = try await site.send(.get, path, headers: ["If-None-Match": tag])
            #expect(again.status == .notModified)
        }
    }

    @Test(
        "Pieces, axes and channels that are not there are refused",
        arguments: [
            ("y/0/40/0/0/pixels", "no_tile"), ("x/0/600/0/0/labels", "no_tile"),
            ("y/1/0/0/0/pixels", "no_tile"), ("y/0/0/2/0/labels", "no_tile"),
            ("y/0/0/0/2/pixels", "no_tile"), ("z/0/0/0/0/pixels", "malformed"),
            ("y/0/0/0/0/pixels?c=1", "no_tile"), ("y/0/-1/0/0/labels", "malformed"),
            ("y/0/0/9223372036854775807/0/labels", "no_tile"),
        ]
    )
    func refused(_ path: String, _ code: String) async throws {
        try await Self.run { site in
            let response = try await site.send(.get, "/api/1/images/2/sections/" + path)
            #expect(response.code == code, "\(response.text)")
        }
    }
}
