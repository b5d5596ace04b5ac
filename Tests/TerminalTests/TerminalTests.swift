import Terminal
import Testing

@Suite("What a terminal shows")
struct TerminalTests {
    @Test("On a terminal one line is rewritten, cut to its width, and removed")
    func terminal() {
        let transcript = Transcript()
        var line = ProgressLine(transcript.console(terminalWidth: 10))
        line.show("123456789012")
        #expect(transcript.error == "\r\u{1B}[K123456789")
        line.note("not here")
        line.say("stays")
        #expect(transcript.error == "\r\u{1B}[K123456789\r\u{1B}[Kstays\n")
        line.clear()
        #expect(transcript.error.hasSuffix("stays\n") && transcript.output.isEmpty)
    }

    @Test("Elsewhere notes are lines, and a long activity tells of itself twice a minute")
    func piped() {
        let transcript = Transcript()
        var line = ProgressLine(transcript.console(), at: 10)
        line.show("nothing")
        line.show("early", at: 39)
        line.show("after half a minute", at: 40)
        line.show("soon after", at: 50)
        line.say("an epoch", at: 60)
        line.show("soon after that", at: 75)
        line.note("a note")
        #expect(transcript.error == "after half a minute\nan epoch\na note\n")
    }

    @Test("Who wants quiet sees nothing")
    func quiet() {
        let transcript = Transcript()
        var line = ProgressLine(transcript.console(terminalWidth: 80), isQuiet: true)
        line.show("a")
        line.say("b")
        SharedLine(transcript.console(terminalWidth: 80), isQuiet: true).show("c")
        #expect(transcript.error.isEmpty)
    }

    @Test("Empty texts are no lines")
    func lines() {
        let transcript = Transcript()
        let console = transcript.console()
        console.print("a")
        console.print("")
        console.printError("")
        #expect(transcript.output == "a\n" && transcript.error.isEmpty)
    }

    @Test("Words with blanks are quoted for the shell")
    func quoting() {
        #expect("run/best.safetensors".quotedForShell == "run/best.safetensors")
        #expect("my run".quotedForShell == "'my run'")
        #expect("it's".quotedForShell == "'it'\\''s'")
    }
}
