import Foundation
import HTTPTypes
import HummingbirdTesting
import ImageFormats
import Imaging
import Testing

@Suite("Many requests", .serialized)
struct LoadTests {
    @Test("10 000 requests leave the memory where it was")
    func manyRequests() async throws {
        let small = AnyRaster.uint16(Site.ramp(Size(width: 40, height: 30)))
        try await Site.run(
            prepare: { folder in
                try small.writeTIFF(to: folder.appending(path: "small.tif"))
                return ["small.tif"]
            },
            Self.ask
        )
    }

    @Sendable
    private static func ask(_ site: Site) async throws {
        let paths = [
            "/api/1/project", "/api/1/images/2", "/api/1/images/2/pixels/0/0/0/0/0",
            "/api/1/images/2/thumbnail", "/api/1/images/1/objects",
            "/api/1/images/1/labels/0/0/0/0", "/", "/model/a.js", "/api/1/nothing", "/%2e",
        ]
        func ask(_ count: Int) async throws {
            let client = TestClient(host: "127.0.0.1", port: site.port)
            client.connect()
            for number in 0..<count {
                let request = site.request(.get, paths[number % paths.count])
                let response = try await client.execute(request)
                #expect(response.status.code < 500)
            }
            try await client.shutdown()
        }
        try await ask(1000)
        let before = Memory.resident
        try await ask(9000)
        let after = Memory.resident
        #expect(after - before < 64 << 20, "\((after - before) >> 20) MB more")
    }
}

/// The memory of this process.
enum Memory {
    /// Bytes in memory; 0 where the system does not say.
    static var resident: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return 0
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }
}
