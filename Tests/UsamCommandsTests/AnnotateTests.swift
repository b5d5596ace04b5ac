import Foundation
import JobSamples
import Testing

/// `usam annotate` as a program; what the server answers, its own tests say.
@Suite("usam annotate")
struct AnnotateTests {
    /// Starts the annotator, and ends it by Ctrl-C when it serves.
    private static func served(_ arguments: [String], in folder: String) throws -> Program.Ending {
        try Program.run(
            ["annotate"] + arguments + ["--no-browser", "--device", "cpu"],
            in: folder,
            variables: ["SSH_CONNECTION": nil, "SSH_CLIENT": nil, "SSH_TTY": nil]
        ) { process in
            // The token is written just before the server begins.
            Thread.sleep(forTimeInterval: 3)
            process.interrupt()
        }
    }

    private static func temporaryFolder() throws -> String {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "annotate-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    @Test("The address is printed, the project lies beside the image, Ctrl-C ends it")
    func served() throws {
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try Program.run(["sample"], in: folder).status == 0)
        let ending = try Self.served(["simulated.tif"], in: folder)
        #expect(ending.status == 130, "\(ending.error)")
        #expect(ending.output.hasPrefix("http://127.0.0.1:"))
        #expect(ending.output.contains("/?token="))
        #expect(FileManager.default.fileExists(atPath: folder + "/simulated.usam"))
        // The same project again, by its own name, with the same token.
        let again = try Self.served(["simulated.usam"], in: folder)
        let token = { (text: String) in text.split(separator: "=").last.map(String.init) }
        #expect(token(again.output) == token(ending.output))
    }

    @Test("A machine that is reached by SSH gets the line of the tunnel")
    func tunnel() throws {
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ending = try Program.run(
            ["annotate", "--device", "cpu"],
            in: folder,
            variables: ["SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22", "USER": "ann"]
        ) { process in
            Thread.sleep(forTimeInterval: 3)
            process.interrupt()
        }
        #expect(ending.error.contains("ssh -N -L "))
        #expect(ending.error.contains(":127.0.0.1:"))
        #expect(ending.error.contains(" ann@"))
    }

    @Test(
        "What can not be served is told",
        arguments: [
            (["--host", "0.0.0.0"], Int32(64), "--allow-network"),
            (["nothing.tif"], 1, "nothing.tif"), (["nothing.usam"], 1, "there is no such file"),
            (["--project", "no/such/folder.txt", ""], 64, "empty name"),
        ]
    )
    func refused(_ arguments: [String], _ status: Int32, _ words: String) throws {
        let folder = try Self.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let ending = try Program.run(["annotate"] + arguments, in: folder)
        #expect(ending.status == status, "\(ending.error)")
        #expect(ending.error.contains(words), "\(ending.error)")
    }
}
