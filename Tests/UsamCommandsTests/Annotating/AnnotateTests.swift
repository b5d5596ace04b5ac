import Foundation
import JobSamples
import Testing

/// `usam annotate` as a program; what the server answers, its own tests say.
@Suite("usam annotate")
struct AnnotateTests {
    /// A place with one image.
    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        return place
    }

    /// A gesture that makes an object.
    private func painting() -> [String: Any] {
        [
            "key": UUID().uuidString, "client": UUID().uuidString, "kind": "paint", "label": 0,
            "mask": ["box": [2, 3, 6, 9], "runs": [0, 24]] as [String: Any],
        ]
    }

    @Test(
        "Who has the token is served; a signal ends it; the next start has everything",
        arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)]
    )
    func served(_ signal: Int32, _ status: Int32) async throws {
        let place = try place()
        let first = try RunningAnnotator(["cells.tif", "--no-browser"], in: place.folder)
        #expect(first.address.host() == "127.0.0.1" && first.token.count == 64)
        #expect(try await first.send("/project", hasCookie: false).status == 401)
        #expect(try await first.send("/project").status == 200)
        let answer = try await first.post("/images/1/gestures", painting())
        #expect(answer.status == 200 && answer.object["created"] as? [Int] == [1])
        let ending = try first.end(signal)
        #expect(ending.status == status, "\(ending.error)")
        #expect(ending.output == "\(first.address.absoluteString)\n")
        #expect(ending.error.contains("all saved changes are kept"))

        // The project by its own name; a page that was left open comes in by its cookie.
        let again = try RunningAnnotator(["cells.usam", "--no-browser"], in: place.folder)
        #expect(again.token == first.token)
        let objects = try await again.send("/images/1/objects").object
        #expect(objects["edit"] as? Int == answer.object["edit"] as? Int)
        #expect((objects["objects"] as? [[String: Any]])?.first?["area"] as? Int == 24)
        let client = ["key": UUID().uuidString, "client": UUID().uuidString]
        let undone = try await again.post("/images/1/undo", client)
        #expect(undone.object["removed"] as? [Int] == [1])
    }

    @Test("A folder of frames is one movie, also when it is opened again")
    func movie() async throws {
        let place = try Workplace()
        for name in ["t1.png", "t2.png", "t10.png"] { try place.writeImage("frames/\(name)") }
        let arguments = ["frames", "--no-browser"]
        func images(_ arguments: [String]) async throws -> (list: [[String: Any]], error: String) {
            let annotator = try RunningAnnotator(arguments, in: place.folder)
            let list = try await annotator.send("/images").object["images"] as? [[String: Any]]
            return (list ?? [], try annotator.end(SIGINT).error)
        }
        let first = try await images(["--movie"] + arguments)
        let movie = try #require(first.list.first)
        #expect(first.list.count == 1 && movie["name"] as? String == "frames")
        #expect((movie["shape"] as? [String: Int])?["t"] == 3)
        // The frames are known; the flag need not be given again.
        for more in [[], ["--movie"]] {
            #expect(try await images(more + arguments).list.count == 1)
        }
        // Frames behind those that are there are taken; others are not.
        try place.writeImage("frames/t11.png")
        let later = try await images(arguments)
        #expect((later.list.first?["shape"] as? [String: Int])?["t"] == 4 && later.list.count == 1)
        try place.writeImage("frames/t0.png")
        let other = try await images(["--movie"] + arguments)
        #expect((other.list.first?["shape"] as? [String: Int])?["t"] == 4 && other.list.count == 1)
        #expect(other.error.contains("the movie in the project keeps its 4"), "\(other.error)")
        let info = try Program.run(["project", "info", "frames/frames.usam"], in: place.folder)
        #expect(info.status == 0 && info.output.contains("frames"), "\(info.output)")
        for (inputs, words) in [
            (["frames", "."], "lie in one folder"), (["frames/t1.png"], "a single frame"),
        ] {
            try place.writeImage("cells.png")
            let command =
                ["annotate", "--movie", "--no-browser", "--project", "other.usam"] + inputs
            let ending = try Program.run(command, in: place.folder)
            #expect(ending.status == 1 && ending.error.contains(words), "\(ending.error)")
        }
    }

    @Test("A signal that comes while images are embedded ends it soon")
    func embedding() async throws {
        let place = try place()
        let annotator = try RunningAnnotator(["cells.tif", "--no-browser"], in: place.folder)
        #expect(try await annotator.post("/images/1/prepare", [:]).status == 202)
        let start = ContinuousClock.now
        #expect(try annotator.end(SIGINT).status == 130)
        // Far more than it takes on a busy machine, far less than it would if nothing ended it.
        #expect(ContinuousClock.now - start < .seconds(120))
    }

    @Test("A port that is taken is told; without a wish the next one is taken")
    func port() throws {
        let place = try place()
        try place.writeImage("other/cells.tif")
        let first = try RunningAnnotator(["cells.tif", "--no-browser"], in: place.folder)
        let port = try #require(first.address.port)
        let second = try Program.run(
            ["annotate", "other/cells.tif", "--no-browser", "--port", "\(port)"],
            in: place.folder
        )
        #expect(second.status == 1 && second.output.isEmpty)
        #expect(second.error.contains("port \(port) is taken"), "\(second.error)")
    }

    @Test("A browser is opened where there is one, and missed where there is none")
    func browser() throws {
        let place = try place()
        let none = try RunningAnnotator(["cells.tif"], in: place.folder)
        #expect(try none.end(SIGTERM).error.contains("no browser could be opened here"))
        #if os(Linux)
            let opener = try place.write(
                Array("#!/bin/sh\nprintf '%s' \"$1\" > opened\n".utf8),
                to: "bin/xdg-open"
            )
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o755],
                ofItemAtPath: opener
            )
            let some = try RunningAnnotator(
                ["cells.tif"],
                in: place.folder,
                variables: ["DISPLAY": ":9", "PATH": "\(place.folder)/bin:/usr/bin:/bin"]
            )
            let deadline = Date.now + 120
            var opened = ""
            while opened != some.address.absoluteString, Date.now < deadline {
                Thread.sleep(forTimeInterval: 0.02)
                opened = (try? String(contentsOfFile: place.path("opened"), encoding: .utf8)) ?? ""
            }
            #expect(opened == some.address.absoluteString)
            #expect(try !some.end(SIGTERM).error.contains("no browser"))
        #endif
    }

    @Test(
        "On a machine that is reached by SSH, the line of the tunnel is printed and no browser opened"
    )
    func tunnel() throws {
        let place = try place()
        let annotator = try RunningAnnotator(
            ["cells.tif"],
            in: place.folder,
            variables: ["SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22", "USER": "ann"]
        )
        let port = try #require(annotator.address.port)
        let error = try annotator.end(SIGTERM).error
        #expect(error.contains("  ssh -N -L \(port):127.0.0.1:\(port) ann@"), "\(error)")
        #expect(!error.contains("no browser"))
    }

    @Test("Without arguments the simulated sample is there, with the tour")
    func sample() async throws {
        let place = try Workplace()
        let annotator = try RunningAnnotator(["--no-browser"], in: place.folder)
        let project = try await annotator.send("/project").object
        #expect(project["tour"] as? Bool == true)
        #expect((project["images"] as? [Any])?.count == 1)
        // In the cache of the user, not in the folder at hand.
        #expect(
            try place.files().filter { $0.hasSuffix(".usam") }.allSatisfy { $0.hasPrefix("cache/") }
        )
    }
}
