import ArgumentParser
import JobSamples
import Prompting
import Testing
import UsamCommands

@Suite("Mistyped commands", .serialized)
struct MistypedTests {
    @Test(
        "Each gets the right hint, with the status of misuse",
        arguments: [
            ("segmnet a.tif", "Did you mean 'usam segment'?"),
            ("help cluster", "There is no command 'usam cluster'"),
            ("models fetsh x", "Did you mean 'usam models fetch'?"),
            ("evaluate gridsearch x", "Did you mean 'usam evaluate grid-search'?"),
            ("segment a.tif -o b.tif --format pdf", "- geojson"),
            ("segment a.tif -o b.tif --device tpu", "cuda:INDEX"),
            ("segment a.tif -o b.tif --pretrained_model cyto3", "models of Cellpose are not read"),
            ("segment a.tif -o b.tif --tile_shap 3", "Did you mean --tile-shape?"),
            ("segment a.tif -o b.tif --modle x", "Did you mean --model?"),
            ("segment a.tif -o b.tif --engine x", "There is no option --engine."),
            ("models list --foo", "There is no option --foo."),
            ("segment a.tif -o b.tif --gpu", "a GPU is used if there is one"),
            ("segment a.tif -o b.tif --ndim 3", "--volume"),
            ("prompt a.tif -o b.tif --point 3", "write y,x or y,x,label with commas"),
            ("prompt a.tif -o b.tif --point 1,2,maybe", "positive, negative, 1 or 0"),
            ("prompt a.tif -o b.tif --box 1,2", "write y0,x0,y1,x1 with commas"),
            ("prompt a.tif -o b.tif --polygon 1;2", "in quotation marks"),
            ("train --images a --labels b -o c --diameter 30", "--suited-diameter"),
            ("export usam-tiny -o a.zip --author A --license CC-BY-4", "did you mean CC-BY-4.0?"),
            ("export usam-tiny -o a.zip --author A --license free", "LicenseRef-NAME"),
        ]
    )
    func hints(line: String, hint: String) throws {
        let place = try Workplace()
        let end = try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
        #expect(end.status == 64 && end.output.isEmpty)
        #expect(end.error.hasPrefix("usam: ") && end.error.contains(hint), "\(end.error)")
        #expect(try place.files() == [])
    }

    @Test("-v is the version, and options of other programs are understood")
    func understood() throws {
        let place = try Workplace()
        let version = try Program.run(["-v"], in: place.folder)
        #expect(version.status == 0 && version.output == ProgramVersion.text + "\n")
        let lines = [
            "segment -i none.tif -o b.tif -m usam-tiny --tile_shape 64 32 --halo 8 8",
            "segment --dir none.tif --savedir b --diameter 30",
        ]
        for line in lines {
            let end = try Program.run(line.split(separator: " ").map(String.init), in: place.folder)
            #expect(end.status == 1 && end.error.contains("none.tif: no such file"))
        }
    }

    @Test("Help tells the defaults that will be used")
    func defaults() throws {
        let place = try Workplace()
        let help = try Program.run(["segment", "--help"], in: place.folder).output
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(help.contains("usam-tiny 0.4; otherwise 0.5)"))
        #expect(help.contains("usam-tiny 1.0; otherwise 1.6)"))
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
            ("prompt a.tif --point -3,-4", "prompt a.tif --point=-3,-4"),
            ("prompt a.tif --box -.5,1,2,3 --json", "prompt a.tif --box=-.5,1,2,3 --json"),
            ("segment a -o -5.tif --z -1", "segment a -o -5.tif --z=-1"),
            ("segment a --quiet -- --z -1", "segment a --quiet -- --z -1"),
            ("segment a -o b -m vit_b -c best.pt", "segment a -o b --model best.pt"),
            ("prompt a.tif --point 3 4 --json", "prompt a.tif --point 3,4 --json"),
            ("prompt a.tif --box 1 2 3.5 4 -o b", "prompt a.tif --box 1,2,3.5,4 -o b"),
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
            ("segment a -o b --ndim 3", "--volume takes a stack as a volume; --each-plane"),
            ("segment a -o b --do_3D", "--volume"), ("embed a -o b -n 3", "--volume"),
            ("train --images a --diameter 3", "--suited-diameter"),
            ("models convert a b --diameter=3", "--suited-diameter"),
        ]
    )
    func answered(given: String, advice: String) {
        let error = #expect(throws: ValidationError.self) { try translated(given) }
        #expect(error?.message.contains(advice) == true)
    }

    @Test(
        "An option that takes one value is not given two",
        arguments: [
            (
                "segment a -o b --format tif --format csv",
                "as 'tif' and 'csv'. Separate values by commas: --format tif,csv."
            ),
            (
                "segment a -o b --output=c",
                "--output was given twice, as 'b' and 'c'. Give it once."
            ),
            ("evaluate --predictions b --labels a -o c -o d", "twice"),
            ("evaluate labels --labels a b --predictions x -o c -o d", "twice"),
        ]
    )
    func repeated(given: String, answer: String) {
        let error = #expect(throws: ValidationError.self) { try translated(given) }
        #expect(error?.message.contains(answer) == true)
    }

    @Test(
        "Options that take several values, the same value twice and words after -- are no repetition",
        arguments: [
            "prompt a.tif --point 1,2 --point 3,4",
            "segment a -o b -o b",
            "segment -o b --z 1 -- --z 2",
            "evaluate grid-search a --labels b --try min_size=1 --try min_size=2",
        ]
    )
    func severalValues(line: String) throws {
        #expect(try translated(line) == line)
    }

    private func translated(_ line: String) throws -> String {
        let arguments = line.split(separator: " ").map(String.init)
        return try Usam.understood(arguments).joined(separator: " ")
    }
}
