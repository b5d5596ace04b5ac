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
        #expect("modle".nearest(among: ["mode", "model"]) == "model")
        #expect("something".nearest(among: ["segment", "sample"]) == nil)
    }

    @Test("Options of other programs are put into the words of a command, or answered")
    func options() throws {
        let options = ForeignOptions(
            [
                "-i": .input, "--savedir": .ours("--output"),
                "--chan": .advice("channels count from 0"),
            ],
            lists: ["--halo": 2, "--box": 4]
        )
        let given = ["go", "-i", "a_b", "--savedir=c", "--halo", "3", "4", "--x_y", "--", "-i"]
        let ours = ["go", "a_b", "--output=c", "--halo", "3,4", "--x-y", "--", "-i"]
        #expect(try options.translated(given) == ours)
        let error = #expect(throws: ForeignOptions.Advice.self) {
            try options.translated(["go", "--chan", "3"])
        }
        #expect(error?.description == "--chan: channels count from 0.")
    }

    @Test("A name that decides takes the place of another, and lists of numbers are joined")
    func decidingAndLists() throws {
        let options = ForeignOptions(
            ["-m": .ours("--model"), "-c": .deciding("--model")],
            lists: ["--box": 4]
        )
        for given in [["-m", "vit_b", "-c", "a.pt"], ["-c", "a.pt", "-m=vit_b"]] {
            #expect(try options.translated(given) == ["--model", "a.pt"])
        }
        #expect(try options.translated(["-m", "vit_b"]) == ["--model", "vit_b"])
        let box = ["--box", "-1", "2.5", "3", "4", "5.tif"]
        #expect(try options.translated(box) == ["--box=-1,2.5,3,4", "5.tif"])
    }

    @Test(
        "An unknown option gets the nearest one, or none",
        arguments: [
            ("--modle", "There is no option --modle. Did you mean --model?"),
            ("--mdoe=x", "There is no option --mdoe. Did you mean --mode?"),
            ("--gpu", "There is no option --gpu."), ("--x", "There is no option --x."),
        ]
    )
    func unknownOptions(given: String, answer: String) {
        let names = ["z", "mode", "model", "merging"].map { #"{"kind":"long","name":"\#($0)"}"# }
        let arguments = names.map { #"{"kind":"option","isRepeating":false,"names":[\#($0)]}"# }
        let list = arguments.joined(separator: ",")
        let options = GivenOptions(description: #"{"command":{"arguments":[\#(list)]}}"#)
        #expect(options.defect(of: ["a.tif", given]) == answer)
        #expect(options.defect(of: ["a.tif", "--", given]) == nil)
        #expect(options.defect(of: ["--model=x", "--help"]) == nil)
    }
}
