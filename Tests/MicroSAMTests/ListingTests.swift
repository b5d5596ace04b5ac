import Foundation
import Testing

/// The documentation shows the programs that are compiled and run, not others.
@Suite("Programs in the documentation")
struct ListingTests {
    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test(
        "Pages show the programs word for word",
        arguments: ["docs/library.md", "Sources/MicroSAM/MicroSAM.docc/MicroSAM.md"]
    )
    func listings(page: String) throws {
        let text = try Self.text(page)
        for name in ["segment", "prompt", "train", "evaluate", "track"] {
            let program = try Self.text("Examples/\(name)/main.swift")
            #expect(text.contains("```swift\n\(program)```"), "Examples/\(name)/main.swift")
        }
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }
}
