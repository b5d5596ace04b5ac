import Annotations
import Foundation
import JobSamples
import Testing

/// The program alone in a folder, without the library that it opens for networks.
@Suite("Without libtorch")
struct WithoutLibtorchTests {
    #if os(macOS)
        private static let library = "libMicroSAMTorch.dylib"
    #else
        private static let library = "libMicroSAMTorch.so"
    #endif

    /// A folder with the program and the embedded model in `alone/`, an image, its labels and a project.
    private struct House {
        let place: Workplace

        init() throws {
            place = try Workplace()
            try place.writeImage("cells.tif")
            try place.writeImage("labels.tif")
            try Project.create(at: URL(filePath: place.path("cells.usam"))).close()
            try place.write(to: "alone/usam")
            let (files, program) = (FileManager.default, place.path("alone/usam"))
            try files.removeItem(atPath: program)
            do {
                try files.linkItem(atPath: Program.url.path, toPath: program)
            } catch {
                // The folder of tests is on another disk.
                try files.copyItem(atPath: Program.url.path, toPath: program)
            }
            let folder = Program.url.deletingLastPathComponent()
            for name in try files.contentsOfDirectory(atPath: folder.path)
            where name.hasPrefix("MicroSAM_ModelZoo.") {
                try files.createSymbolicLink(
                    at: URL(filePath: place.path("alone/" + name)),
                    withDestinationURL: folder.appending(path: name)
                )
            }
        }

        func run(_ arguments: [String]) throws -> Program.Ending {
            try Program.run(arguments, in: place.folder, at: place.path("alone/usam"))
        }
    }

    @Test("Commands that need no network work")
    func light() throws {
        let house = try House()
        let commands = [
            ["--version"], ["--help"], ["help", "segment"], ["train", "--help"],
            ["--generate-completion-script", "bash"], ["info", "cells.tif"], ["models"],
            ["models", "info", "usam-tiny"], ["sample", "--list"],
            ["sample", "--width", "64", "--height", "48", "-o", "sample"],
            ["evaluate", "--labels", "labels.tif", "--predictions", "labels.tif"],
            ["export", "usam-tiny", "-o", "tiny.pt"], ["project", "info", "cells.usam"],
            ["project", "check", "cells.usam"], ["project", "replay", "cells.usam", "--json"],
        ]
        for command in commands {
            let end = try house.run(command)
            #expect(end.status == 0, "\(command): \(end.error)")
            #expect(!end.output.isEmpty, "\(command)")
        }
    }

    private static let heavy = [
        ["info"], ["segment", "cells.tif", "-o", "objects.tif"],
        ["prompt", "cells.tif", "--point", "10,10", "-o", "object.tif"],
        ["embed", "cells.tif", "-o", "cells.zarr"],
        ["evaluate", "automatic", "cells.tif", "--labels", "labels.tif"],
        ["train", "--images", "cells.tif", "--labels", "labels.tif", "-o", "run"],
    ]

    @Test("Others say what is missing, where, and what to do, and leave nothing", arguments: heavy)
    func missing(command: [String]) throws {
        let house = try House()
        let before = try house.place.files()
        let end = try house.run(command)
        #expect(end.status == 1 && end.output.isEmpty)
        let file = house.place.path("alone/" + Self.library)
        #expect(end.error.hasPrefix("usam: \(file) is missing"), "\(end.error)")
        #expect(end.error.contains("Install the program again"))
        #expect(try house.place.files() == before)
    }

    @Test("A damaged library is an error with the reason of the system")
    func damaged() throws {
        let house = try House()
        try house.place.write(Array("no library".utf8), to: "alone/" + Self.library)
        let end = try house.run(["info"])
        #expect(end.status == 1 && end.output.isEmpty)
        #expect(end.error.contains("cannot be opened: "), "\(end.error)")
    }

    #if os(Linux)
        @Test("A library of another version is refused")
        func otherVersion() throws {
            let house = try House()
            // Any library that lacks what the program asks for; this process has this one.
            let maps = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/maps")).readToEnd()
            let other = String(decoding: try #require(maps), as: UTF8.self)
                .split(separator: "\n").first { $0.contains("/libtiff.so") }
            let file = try #require(other?.split(separator: " ").last.map(String.init))
            try FileManager.default.copyItem(
                atPath: URL(filePath: file).resolvingSymlinksInPath().path,
                toPath: house.place.path("alone/" + Self.library)
            )
            let end = try house.run(["info"])
            #expect(end.status == 1 && end.output.isEmpty)
            #expect(end.error.contains("is from another version of the program"), "\(end.error)")
        }
    #endif
}
