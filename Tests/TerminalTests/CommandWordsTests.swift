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

    @Test(
        "Options of micro-sam and Cellpose mean the same, or are answered",
        arguments: [
            ("segment -i a.tif -o b.tif -m vit_b", "segment a.tif -o b.tif --model vit_b"),
            ("segment --input_path=a.tif -o b", "segment a.tif -o b"),
            (
                "segment a -o b --tile_shape 384 256 --halo 64 32",
                "segment a -o b --tile-shape 384,256 --halo 64,32"
            ),
            ("segment a -o b --tile-shape 384", "segment a -o b --tile-shape 384"),
            ("segment --dir x --savedir y", "segment x --output y"),
            ("train --n_epochs 3 --model_type vit_b", "train --epochs 3 --model vit_b"),
            ("prompt a.tif -e s.zarr", "prompt a.tif --embedding s.zarr"),
            ("segment a -e s", "segment a --embeddings s"),
            ("segment -- --dir", "segment -- --dir"),
            ("prompt a.tif --point -3,-4", "prompt a.tif --point -3,-4"),
            ("evaluate -i x --min_size 3", "evaluate -i x --min-size 3"),
        ]
    )
    func accepted(given: String, ours: String) throws {
        #expect(try translated(given) == ours)
    }

    @Test(
        "What has no counterpart is answered with what does it here",
        arguments: [
            ("segment a -o b --chan 2", "--channel"),
            ("segment a -o b --save_rois", "--format roi"),
            ("embed a -o b --pattern x", "pattern as the input"),
            ("train --images a --diameter 3", "--suited-diameter"),
            ("models convert a b --diameter=3", "--suited-diameter"),
        ]
    )
    func answered(given: String, advice: String) {
        let error = #expect(throws: ForeignOptions.Advice.self) { try translated(given) }
        #expect(error?.description.contains(advice) == true)
    }

    private func translated(_ line: String) throws -> String {
        let arguments = line.split(separator: " ").map(String.init)
        return try ForeignOptions(in: arguments).translated(arguments).joined(separator: " ")
    }
}
