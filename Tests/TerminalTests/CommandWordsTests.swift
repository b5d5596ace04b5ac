import Terminal
import Testing

@Suite("Mistyped commands and options of other programs")
struct CommandWordsTests {
    private let words = CommandWords(
        "usam",
        [
            .named("segment", []), .named("sample", []), .named("train", []),
            .named("models", [.named("list", []), .named("info", [])]),
        ]
    )

    @Test("A mistyped command gets the nearest one, any other the list of all")
    func commands() throws {
        let mistyped = try #require(words.defect(of: ["segmnet", "a.tif"]))
        #expect(mistyped == "There is no command 'usam segmnet'. Did you mean 'usam segment'?")
        let below = try #require(words.defect(of: ["models", "lst"]))
        #expect(below.hasSuffix("Did you mean 'usam models list'?"))
        for arguments in [["track"], ["help", "track"]] {
            let unknown = try #require(words.defect(of: arguments))
            #expect(unknown.hasSuffix("There are: segment, sample, train, models."))
        }
        for arguments in [
            [], ["--help"], ["help"], ["help", "models", "info"], ["models"], ["models", "--json"],
            ["segment", "anything"],
        ] {
            #expect(words.defect(of: arguments) == nil)
        }
    }

    @Test("A beginning stands for the only name that goes on so")
    func beginnings() {
        #expect("seg".nearest(among: ["segment", "sample"]) == "segment")
        #expect("s".nearest(among: ["segment", "sample"]) == nil)
        #expect("MTI".nearest(among: ["MIT", "ISC"]) == "MIT")
        #expect("something".nearest(among: ["segment", "sample"]) == nil)
    }

    @Test("Options of other programs are put into the words of a command, or answered")
    func options() throws {
        let options = ForeignOptions(
            [
                "-i": .input, "--savedir": .ours("--output"),
                "--chan": .advice("channels count from 0"),
            ],
            pairs: ["--halo"]
        )
        let given = ["go", "-i", "a_b", "--savedir=c", "--halo", "3", "4", "--x_y", "--", "-i"]
        let ours = ["go", "a_b", "--output=c", "--halo", "3,4", "--x-y", "--", "-i"]
        #expect(try options.translated(given) == ours)
        let error = #expect(throws: ForeignOptions.Advice.self) {
            try options.translated(["go", "--chan", "3"])
        }
        #expect(error?.description == "--chan: channels count from 0.")
    }
}
