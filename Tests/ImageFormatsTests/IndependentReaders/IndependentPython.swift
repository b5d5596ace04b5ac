import Foundation
import Testing

/// A Python with other libraries: `INDEPENDENT_PYTHON`, what `Scripts/independent-readers` installed, or
/// the environment of the benchmarks.
enum IndependentPython {
    /// The interpreter; nil if there is none.
    static let path: String? = {
        let environment = ProcessInfo.processInfo.environment
        let checkout = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../..").standardized
        let candidates: [String?] = [
            environment["INDEPENDENT_PYTHON"],
            checkout.appending(path: ".tools/independent/python").path,
            checkout.appending(path: ".peer/bin/python").path,
        ]
        let found = candidates.compactMap(\.self).first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
        if found == nil { print("skipped: no Python with the libraries of other readers") }
        return found
    }()

    /// Where everything has to run and nothing may be left out: as `.ci/run` does it.
    static let isRequired = ["CI", "INDEPENDENT_PYTHON"].contains {
        !(ProcessInfo.processInfo.environment[$0] ?? "").isEmpty
    }

    /// Whether the tests run.
    static var isUsed: Bool { path != nil || isRequired }

    /// Runs a script of this folder, with `--all` where nothing may be left out.
    ///
    /// - Returns: The status of its end.
    static func run(_ script: String, in folder: URL) throws -> Int32 {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: script)
        let process = Process()
        process.executableURL = URL(filePath: try #require(path))
        process.arguments = [file.path, folder.path] + (isRequired ? ["--all"] : [])
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
