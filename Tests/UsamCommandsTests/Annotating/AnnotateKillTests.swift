import AnnotationSamples
import Annotations
import Foundation
import Imaging
import JobSamples
import Testing

/// The whole program with two clients, killed; `Benchmarks/annotator/kills.py` does it a thousand times.
@Suite("Killed servers")
struct AnnotateKillTests {
    private static let kills = 10

    /// A client that keeps what was not answered, as the page does.
    private struct Client: Sendable {
        let id: UUID
        var gestures: RandomGestures
        var open: RandomGestures.Request?
        var answered: [(request: RandomGestures.Request, edit: Int64)] = []
        var made: Set<Int64> = []

        init(_ number: Int, seed: UInt64) {
            id = UUID()
            gestures = RandomGestures(
                seed: seed + UInt64(number),
                size: Size(width: 61, height: 40)
            )
        }

        /// Sends until the server is gone.
        mutating func work(_ server: RunningAnnotator.Target) async throws {
            do {
                if let open { try await send(open, server) }
                while true {
                    let data = try await server.send("/images/1/objects").data
                    let listed = try JSONDecoder().decode(ObjectList.self, from: data)
                    let request = gestures.next(listed.objects, base: listed.edit, client: id)
                    try await send(request, server)
                }
            } catch is URLError {
            }
        }

        private mutating func send(
            _ request: RandomGestures.Request,
            _ server: RunningAnnotator.Target
        ) async throws {
            open = request
            let response = try await server.send(request)
            open = nil
            // 409, 422 and 404: somebody else was faster, a label was taken.
            guard response.status == 200 else {
                return #expect([404, 409, 422].contains(response.status))
            }
            let answer = try JSONDecoder().decode(EditAnswer.self, from: response.data)
            answered.append((request, answer.edit))
            if case .gesture = request, answer.words != "Nothing changed" {
                made.insert(answer.edit)
            }
        }
    }

    private struct ObjectList: Decodable {
        let edit: Int64
        let objects: [AnnotatedObject]
    }

    @Test("What was answered before a kill is there, once; undo and redo give the same bytes")
    func killed() async throws {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let seed = UInt64.random(in: 0..<1 << 40)
        var clients = [Client(0, seed: seed), Client(1, seed: seed)]
        for _ in 0..<Self.kills {
            let annotator = try RunningAnnotator(["cells.tif", "--no-browser"], in: place.folder)
            let server = annotator.target
            let (one, two) = (clients[0], clients[1])
            async let first = Self.worked(one, server)
            async let second = Self.worked(two, server)
            try await Task.sleep(for: .milliseconds(Int.random(in: 10...300)))
            annotator.crash()
            clients = try await [first, second]
        }
        let project = try Project.open(at: URL(filePath: place.path("cells.usam")))
        defer { try? project.close() }
        let history = try project.history(image: 1)
        for client in clients {
            let own = Set(history.filter { $0.client == client.id }.map(\.edit))
            #expect(client.made.subtracting(own).isEmpty, "lost; seed \(seed)")
            #expect(own.subtracting(client.made).count <= (client.open == nil ? 0 : 1))
            for (request, edit) in client.answered {
                let answer = try project.answer(to: request.key, image: 1)
                #expect(answer?.edit == edit && answer?.repeated == true)
            }
        }
        let count = clients.reduce(0) { $0 + $1.answered.count }
        // Of a busy machine some kills come before the first answer.
        #expect(count > 0)
        #expect(try project.check() == [])

        let (tiles, current) = (try project.tiles(image: 1), try project.current(image: 1))
        let client = UUID()
        while try project.undo(image: 1, client: client).canUndo {}
        #expect(try project.tiles(image: 1) == [])
        while try project.current(image: 1) != current {
            try project.redo(image: 1, client: client)
        }
        #expect(try project.tiles(image: 1) == tiles)
        #expect(try project.check() == [])
    }

    private static func worked(
        _ client: Client,
        _ server: RunningAnnotator.Target
    ) async throws -> Client {
        var client = client
        try await client.work(server)
        return client
    }
}

extension RunningAnnotator.Target {
    /// Sends a request of a client.
    fileprivate func send(
        _ request: RandomGestures.Request
    ) async throws -> RunningAnnotator.Answer {
        switch request {
        case .gesture(let gesture):
            return try await send("/images/1/gestures", body: JSONEncoder().encode(gesture))
        case .undo(let key, let client):
            let body = ["key": key, "client": client]
            return try await send("/images/1/undo", body: JSONEncoder().encode(body))
        case .redo(let key, let client):
            let body = ["key": key, "client": client]
            return try await send("/images/1/redo", body: JSONEncoder().encode(body))
        }
    }
}
