import Annotations
import Foundation
import JobSamples
import Testing

/// What `usam annotate` and `usam project` cannot work on is told, and stays as it was.
@Suite("Projects that cannot be opened")
struct AnnotateRefusalTests {
    /// Both programs, on `cells.usam`.
    private static let commands = [
        ["annotate", "cells.usam", "--no-browser"], ["annotate", "cells.tif", "--no-browser"],
        ["project", "info", "cells.usam"], ["project", "check", "cells.usam"],
        ["project", "history", "cells.usam"], ["project", "replay", "cells.usam"],
        ["project", "export", "cells.usam", "-o", "labels"],
        ["project", "import", "cells.usam", "cells.tif"],
    ]

    /// A place with one image and its project.
    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.writeImage("cells.tif")
        let project = try Project.create(at: URL(filePath: place.path("cells.usam")))
        try project.addImages([
            ImageEntry(name: "cells", path: "cells.tif", shape: ImageShape(y: 40, x: 61))
        ])
        try project.close()
        return place
    }

    @Test(
        "Of a file that is no project, or not whole, nothing is overwritten",
        arguments: [
            ("picture", "this is not an annotation project"),
            ("empty", "this is not an annotation project"),
            ("half", "the end of the file is missing"),
            ("newer", "this program knows versions up to"),
            ("zeros", "cells.usam: "),
        ]
    )
    func damaged(_ damage: String, _ words: String) throws {
        let place = try place()
        let file = URL(filePath: place.path("cells.usam"))
        var bytes = Array(try Data(contentsOf: file))
        switch damage {
        case "picture": bytes = Array("II*\0 a picture".utf8)
        case "empty": bytes = []
        case "half": bytes.removeLast(bytes.count / 2)
        case "newer": bytes[62] = 1
        default: for index in 100..<bytes.count { bytes[index] = 0 }
        }
        try Data(bytes).write(to: file)
        for command in Self.commands {
            let ending = try Program.run(command, in: place.folder)
            #expect(ending.status == 1, "\(command): \(ending.output)")
            #expect(ending.output.isEmpty)
            #expect(ending.error.contains("cells.usam: ") && ending.error.contains(words))
            #expect(try Array(Data(contentsOf: file)) == bytes, "\(command)")
        }
    }

    @Test("A project is open in one program at a time")
    func twice() async throws {
        let place = try place()
        let annotator = try RunningAnnotator(["cells.tif", "--no-browser"], in: place.folder)
        // Each waits some seconds for the project to become free.
        for ending in try await Program.runAll(Self.commands, in: place.folder) {
            #expect(ending.status == 1)
            #expect(ending.error.contains("another program is using this project"))
        }
        #expect(annotator.process.isRunning)
        annotator.crash()
        // The lock of a program that was killed holds nobody up.
        #expect(try Program.run(["project", "check", "cells.usam"], in: place.folder).status == 0)
    }

    @Test(
        "What cannot be served is told",
        arguments: [
            (["--host", "0.0.0.0"], Int32(64), "--allow-network"),
            (["nothing.tif"], 1, "nothing.tif"), (["nothing.usam"], 1, "there is no such file"),
            ([""], 64, "empty name"), (["cells.tif", "--port", "99999"], 64, "--port"),
        ]
    )
    func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let place = try place()
        let ending = try Program.run(["annotate", "--no-browser"] + arguments, in: place.folder)
        #expect(ending.status == status, "\(ending.error)")
        #expect(ending.error.contains(words), "\(ending.error)")
    }

    #if os(Linux)
        @Test("In a folder that cannot be written, a project is neither made nor opened")
        func readOnly() throws {
            let place = try place()
            try place.writeImage("new/new.tif")
            let script = """
                mount --bind '\(place.folder)' '\(place.folder)' || exit 77
                mount -o remount,bind,ro '\(place.folder)' || exit 77
                cd '\(place.folder)'
                for input in cells.usam new/new.tif; do
                    '\(Program.url.path)' annotate $input --no-browser --device cpu 2>&1
                    echo "status $?"
                done
                """
            let result = try Self.unshared(script)
            // Mounting needs rights that not everybody has.
            guard result.status != 77, result.status != 1 else { return }
            let lines = result.output.split(separator: "\n")
            #expect(lines.filter { $0 == "status 1" }.count == 2, "\(result.output)")
            #expect(result.output.contains("cells.usam: the file or its folder can"))
            #expect(result.output.contains("new.usam: the file or its folder can"))
            #expect(
                try Program.run(["project", "check", "cells.usam"], in: place.folder).status == 0
            )
        }

        private static func unshared(_ script: String) throws -> (status: Int32, output: String) {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/unshare")
            process.arguments = ["--mount", "--propagation", "private", "sh", "-c", script]
            let output = Pipe()
            (process.standardOutput, process.standardError) = (output, output)
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (process.terminationStatus, String(decoding: data, as: UTF8.self))
        }
    #endif
}
