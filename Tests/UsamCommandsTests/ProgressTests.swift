import JobSamples
import Jobs
import Testing
import UsamCommands

@Suite("Progress and wording")
struct ProgressTests {
    private func display(_ console: Console) -> RunDisplay {
        RunDisplay(console, printsResults: true, isQuiet: false)
    }

    @Test("Each result is a line on standard output")
    func results() async throws {
        let place = try Workplace()
        let item = BatchItem(
            input: try place.writeImage("cells.png"),
            output: place.path("cells.tif"),
            overlay: place.path("cells_overlay.png")
        )
        let transcript = Transcript()
        let end = await display(transcript.console()).show(batchRun([item]))
        #expect(end.signal == nil && !end.result.isStopped)
        let outputs = "\(item.output), \(item.overlay ?? "")"
        #expect(transcript.output == "\(item.input): 2 objects -> \(outputs)\n")
    }

    @Test("On a terminal one line is rewritten, cut to its width, and removed at the end")
    func terminal() async throws {
        let place = try Workplace()
        let items = try ["a", "b"].map {
            BatchItem(input: try place.writeImage("\($0).tif"), output: place.path("\($0)_l.tif"))
        }
        let transcript = Transcript()
        _ = await display(transcript.console(terminalWidth: 30)).show(batchRun(items))
        #expect(!transcript.error.contains("\n"))
        #expect(transcript.error.hasSuffix("\r\u{1B}[K"))
        let lines = transcript.error.split(separator: "\r\u{1B}[K")
        #expect(!lines.isEmpty && lines.allSatisfy { $0.count < 30 && $0.hasPrefix("[") })
    }

    @Test("Elsewhere each image is a plain line with rate and remaining time")
    func piped() async throws {
        let place = try Workplace()
        let items = try ["a", "b"].map {
            BatchItem(input: try place.writeImage("\($0).tif"), output: place.path("\($0)_l.tif"))
        }
        let transcript = Transcript()
        _ = await display(transcript.console()).show(batchRun(items))
        let lines = transcript.error.split(separator: "\n")
        #expect(lines.count == 2 && !transcript.error.contains("\u{1B}"))
        #expect(lines[0].hasPrefix("[1/2]") && lines[0].contains("left"))
    }

    @Test("Numbers are written as people read them")
    func wording() {
        #expect(Wording.duration(0.421) == "0.42 s")
        #expect(Wording.duration(12.34) == "12.3 s")
        #expect(Wording.duration(185) == "3 min 5 s")
        #expect(Wording.duration(7800) == "2 h 10 min")
        #expect(Wording.duration(.infinity) == "a very long time")
        #expect(Wording.byteCount(999) == "999 bytes")
        #expect(Wording.byteCount(1500) == "1.5 kB")
        #expect(Wording.byteCount(40_613_000) == "41 MB")
        #expect(Wording.count(1, "image") == "1 image" && Wording.count(0, "image") == "0 images")
        #expect(Wording.list(["a", "b", "c"]) == "a, b and c")
    }
}
