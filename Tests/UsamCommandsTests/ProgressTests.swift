import ImageFormats
import Prompting
import Testing
import UsamCommands

@Suite("Progress and wording")
struct ProgressTests {
    @Test("On a terminal one line is rewritten, cut to its width, and removed at the end")
    func terminal() async throws {
        let place = try Workplace()
        let items = try ["a", "b"].map {
            BatchItem(input: try place.writeImage("\($0).tif"), output: place.path("\($0)_l.tif"))
        }
        let transcript = Transcript()
        _ = await run(items, on: transcript.console(terminalWidth: 30))
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
        _ = await run(items, on: transcript.console())
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

    @Test("An image of several planes needs a choice, and the message lists the axes")
    func planes() throws {
        let axes = ImageAxes(t: 1, c: 3, z: 16, y: 5, x: 7)
        let error = #expect(throws: CommandFailure.self) {
            try PlaneSelection(channel: 1)
                .plane(of: axes, channelNames: ["DAPI", "GFP", "RFP"], file: "s.tif")
        }
        let message = try #require(error?.message)
        #expect(message.contains("3 channels (DAPI, GFP, RFP) and 16 slices"))
        #expect(message.contains("--z 0...15") && !message.contains("--channel 0"))
        #expect(throws: CommandFailure.self) {
            try PlaneSelection(channel: 3, z: 0).plane(of: axes, file: "s.tif")
        }
        #expect(
            try PlaneSelection(channel: 2, z: 15).plane(of: axes, file: "s.tif")
                == PlaneIndex(c: 2, z: 15)
        )
        #expect(
            try PlaneSelection().plane(of: ImageAxes(y: 5, x: 7), file: "s.tif") == PlaneIndex()
        )
    }
}
