import JobSamples
import Testing

@Suite("Progress", .serialized)
struct ProgressTests {
    @Test("Each result is a line on standard output")
    func results() throws {
        let place = try Workplace()
        try place.writeImage("cells.png")
        let end = try Program.run(
            ["segment", "cells.png", "-o", "cells.tif", "--overlay"],
            in: place.folder,
            with: .brightness
        )
        let line = try #require(end.output.split(separator: "\n").first)
        #expect(line.hasPrefix("cells.png: "), "\(end.error)")
        #expect(line.contains(" object"))
        #expect(line.hasSuffix(" -> cells.tif, cells_overlay.png"))
    }

    @Test("On a terminal one line is rewritten, cut to its width, and removed at the end")
    func terminal() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try place.writeImage("in/\(name).tif") }
        let end = try Program.run(
            ["segment", "in", "-o", "out"],
            in: place.folder,
            with: .brightness,
            terminalWidth: 30
        )
        #expect(end.status == 0 && !end.error.contains("\n"), "\(end.error)")
        #expect(end.error.hasSuffix("\r\u{1B}[K"))
        let lines = end.error.split(separator: "\r\u{1B}[K")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.count < 30 && $0.hasPrefix("[") })
    }

    @Test("Elsewhere each image is a plain line with rate and remaining time")
    func piped() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try place.writeImage("in/\(name).tif") }
        let end = try Program.run(
            ["segment", "in", "-o", "out"],
            in: place.folder,
            with: .brightness
        )
        let lines = end.error.split(separator: "\n")
        #expect(lines.count == 2 && !end.error.contains("\u{1B}"), "\(end.error)")
        #expect(lines.first?.hasPrefix("[1/2]") == true && lines.first?.contains("left") == true)
    }
}
