import AnnotationServer
import Foundation
import HTTPTypes
import ImageFormats
import Imaging
import Testing

@Suite("Planes are prepared before they are asked for")
struct PreparationTests {
    private static let size = Size(width: 60, height: 40)

    /// A site whose image 2 has the given extents.
    private static func run(
        t: Int = 1,
        z: Int = 1,
        pace: Duration = .milliseconds(5),
        _ body: @escaping @Sendable (Site) async throws -> Void
    ) async throws {
        try await Site.run(
            models: DiskModels(pace: pace),
            prepare: { folder in
                let axes = ImageAxes(t: t, z: z, y: size.height, x: size.width)
                return [
                    try Site.writeStack(axes, in: folder) {
                        Raster(repeating: UInt16($0), size: size)
                    }
                ]
            },
            body
        )
    }

    private static func state(_ site: Site, t: Int, z: Int) async throws -> String? {
        let body = ["t": t, "z": z, "y": 1, "x": 1]
        return try await site.post("/images/2/preview", body)["state"] as? String
    }

    private static func isReady(_ site: Site, t: Int = 0, z: Int = 0) async throws -> Bool {
        for _ in 0..<500 {
            if try await state(site, t: t, z: z) == "ready" { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("The slice that is asked for, and then its neighbours")
    func slices() async throws {
        try await Self.run(z: 5) { site in
            let answer = try await site.post("/images/2/prepare", ["z": 2])
            #expect(answer["z"] as? Int == 2 && answer["image"] as? Int == 2)
            for z in [2, 3, 1] { #expect(try await Self.isReady(site, z: z), "\(z)") }
            #expect(try await Self.state(site, t: 0, z: 4) == "new")
        }
    }

    @Test("The time point that is asked for, and then its neighbours")
    func times() async throws {
        try await Self.run(t: 3) { site in
            let answer = try await site.post("/images/2/prepare", ["t": 2])
            #expect(answer["t"] as? Int == 2)
            for t in [2, 1] { #expect(try await Self.isReady(site, t: t), "\(t)") }
            #expect(try await Self.state(site, t: 0, z: 0) == "new")
        }
    }

    @Test("Who turns on has no longer to wait for the neighbours of the plane before")
    func turning() async throws {
        try await Self.run(z: 9, pace: .milliseconds(500)) { site in
            try await site.post("/images/2/prepare", ["z": 1])
            try await site.post("/images/2/prepare", ["z": 6])
            for z in [6, 7, 5] { #expect(try await Self.isReady(site, z: z), "\(z)") }
            for z in [0, 2] { #expect(try await Self.state(site, t: 0, z: z) == "new", "\(z)") }
        }
    }

    @Test("A slice that is not there is told, and harms nothing")
    func missing() async throws {
        try await Self.run(z: 2) { site in
            let stream = try RawConnection(port: site.port)
            defer { stream.close() }
            try stream.send(site.raw("GET /api/1/events"))
            #expect(try await stream.receive(until: "event: hello").contains("200 OK"))
            try await site.post("/images/2/prepare", ["z": 9])
            let told = try await stream.receive(until: "\"state\":\"failed\"")
            #expect(told.contains("the image has no slice 9"))
            try await site.post("/images/2/prepare", ["z": 1])
            #expect(try await Self.isReady(site, z: 1))
        }
    }
}
