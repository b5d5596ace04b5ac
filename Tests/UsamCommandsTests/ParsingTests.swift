import ArgumentParser
import Prompting
import Testing
import UsamCommands

@Suite("Arguments")
struct ParsingTests {
    @Test(
        "Good command lines are understood",
        arguments: [
            "segment a.tif -o b.tif", "segment a.tif b.png --output out --overlay --json --quiet",
            "segment a.tif -o b.tif --center-distance-threshold .4 --boundary-distance-threshold 0.3"
                + " --foreground-threshold 0.6 --foreground-smoothing 0 --distance-smoothing 2"
                + " --min-size 50 --reference-behavior",
            "segment a.tif -o b.tif --mode amg --points-per-side 16 --points-per-batch 4"
                + " --crop-n-layers 1 --crop-overlap-ratio 0.3 --crop-n-points-downscale-factor 2"
                + " --stability-score-offset 0.5 --pred-iou-thresh 0.8 --stability-score-thresh 0.9"
                + " --box-nms-thresh 0.6 --crop-nms-thresh 0.5 --min-mask-region-area 20"
                + " --no-with-background",
            "segment a.tif -o b.tif --mode apg --min-size 5 --max-size 900 --nms-threshold 0.8"
                + " --intersection-over-min --multimasking --refine-with-box-prompts --batch-size 3"
                + " --mask-threshold auto",
            "segment a.tif -o b.tif --mode apg --mask-threshold=-0.5 --parameters best.json",
            "segment a.tif -o b.tif --tile-shape 512 --flood-tiles",
            "segment a.tif -o out --format tif,ome-zarr,coco,geojson,roi,csv --manifest m.jsonl",
            "segment a.tif -o b.tif --tile-shape 512,640 --halo 64 --axes tyx --key raw",
            "segment a.tif -o b.tif --tile-shape none --channel DAPI,2 --each-plane",
            "annotate", "annotate a.tif b --project p.usam --port 8080 --no-browser --web page",
            "annotate a.tif --host 0.0.0.0 --allow-network --host-name node17 --model m.pt",
            "rerun m.jsonl", "rerun m.jsonl -o again --images data --force --json --threads 1",
            "segment a.tif -o b.tif --device cuda:1 --threads 4 --channel 0 --z 3 --t 2",
            "info", "info a.tif b.pt --json", "models", "models list --json",
            "models fetch vit_b_lm vit_t_lm", "models info usam-tiny",
            "models convert a.pt b.safetensors --float16", "sample", "sample livecell -o data",
            "benchmark encoder --model m.pt --image a.tif --repetitions 3 --threads 2 --json",
            "benchmark load --model m.pt", "evaluate --labels a b --predictions c d --csv",
            "evaluate labels --labels a --predictions c --threshold 0.5 0.75 -o out --json",
            "evaluate automatic i --labels l --mode apg --set min_size=20 --prompted --limit 3",
            "evaluate interactive i --labels l --start box --use-masks --seed 7 --iterations 3",
            "evaluate interactive i --labels l --fixed points/p2-n4 box/p0-n0 -o out",
            "evaluate grid-search i --labels l -o out --try min_size=0,50 --set distance_smoothing=1",
            "evaluate sets a.json --data d --only x --only y --objects 5 --no-prompted",
            "train --images a b --labels c d -o run",
            "train --resume -o run --minutes 3 --threads 2",
            "train --recipe r.json -o run --seed 3 --iterations 5 --model m.pt --force --dry-run",
            "train --images a --labels b --val-images c --val-labels d -o run --preset laptop"
                + " --parts decoder --freeze mask_decoder --freeze prompt_encoder --epochs 3"
                + " --batch-size 2 --gradient-accumulation 4 --objects 5 --sub-iterations 3"
                + " --patch-size 256,512 --framing patch --learning-rate 1e-4 --precision bfloat16"
                + " --augmentation strong --validation-fraction 0.3 --early-stopping 0"
                + " --no-checkpointing --joint-steps combined --samples-per-epoch 9 --keep-every 5",
            "train --images a.h5 --labels a.h5 --key raw --label-key labels --channels 0,2 -o run"
                + " --adapter lora --rank 8 --adapter-blocks 10,11 --adapter-layers q,mlp"
                + " --connected-components --min-size 9 --intensities percentile --crop-side 512",
        ]
    )
    func good(line: String) throws {
        _ = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
    }

    @Test(
        "Misuse ends with status 64 and one message that begins with the program's name",
        arguments: [
            ("segment", "input"), ("segment a.tif", "--output"), ("sgment", "sgment"),
            ("segment a.tif -o b --foreground-threshold 2", "--foreground-threshold is 2.0"),
            ("segment a.tif -o b --foreground-threshold nan", "--foreground-threshold"),
            ("segment a.tif -o b --distance-smoothing -1", "--distance-smoothing"),
            ("segment a.tif -o b --min-size=-1", "--min-size"),
            ("segment a.tif -o b --device tpu", "tpu"),
            ("segment a.tif -o b --device cuda:-1", "cuda"),
            ("segment a.tif -o b --threads 0", "--threads"),
            ("segment a.tif -o b --mode all", "--mode"),
            ("segment a.tif -o b --format pdf", "--format"),
            ("segment a.tif -o b --format tif,tif", "--format"),
            ("segment a.tif -o b --pred-iou-thresh 1.5", "--pred-iou-thresh"),
            ("segment a.tif -o b --points-per-side 0", "--points-per-side"),
            ("segment a.tif -o b --mask-threshold otsu", "--mask-threshold"),
            ("segment a.tif -o b --halo 5", "--halo needs --tile-shape"),
            ("segment a.tif -o b --tile-shape 64 --halo 65", "--halo is larger"),
            ("segment a.tif -o b --tile-shape 3,3", "--tile-shape"),
            ("segment a.tif -o b --axes tt", "--axes"),
            ("segment a.tif -o b --channel=-1", "--channel"),
            ("segment a.tif -o b --z=-1", "--z"), ("segment a.tif -o b --wrong", "--wrong"),
            ("models convert a.pt b.onnx", ".safetensors"), ("models fetch", "name"),
            ("evaluate grid-search i --labels l", "--output"),
            ("evaluate grid-search i --labels l -o x --try size=1", "size"),
            ("evaluate automatic i --labels l --set min_size", "NAME=VALUE"),
            ("evaluate automatic i --labels l --mode amg --set min_size=2", "min_size"),
            ("evaluate automatic i --labels l --limit 0", "--limit is 0"),
            ("evaluate interactive i --labels l --iterations 0", "--iterations is 0"),
            ("evaluate interactive i --labels l --fixed p3", "p3"),
            ("evaluate sets s.json --no-automatic --no-prompted", "nothing"),
            ("evaluate --labels l --predictions p --threshold 1.5", "--threshold is 1.5"),
            ("train -o run", "--images"), ("train --images a -o run", "--labels"),
            ("train --images a --labels b", "--output"),
            ("train --images a --labels b --val-images c -o run", "--val-labels"),
            ("train --images a --labels b --recipe r.json -o run", "--recipe"),
            ("train --recipe r.json -o run --objects 3", "--recipe holds all options"),
            ("train --resume -o run --objects 3", "--resume takes everything"),
            ("train --resume -o run --preset gpu", "--resume takes everything"),
            ("train --resume -o run --force", "contradict"),
            ("train --images a --labels b -o run --rank 4", "need --adapter"),
            ("train --images a --labels b -o run --adapter bias --rank 4", "--rank is for"),
            ("train --images a --labels b -o run --freeze head", "--freeze is 'head'"),
            ("train --images a --labels b -o run --freeze image_encoder --adapter ssf", "forbids"),
            ("train --images a --labels b -o run --minutes 0", "--minutes is 0"),
            ("train --images a --labels b -o run --epochs 0", "--epochs is 0"),
            ("train --images a --labels b -o run --batch-size 0", "--batch-size is 0"),
            ("train --images a --labels b -o run --crop-side 500", "--crop-side is 500"),
            ("train --images a --labels b -o run --patch-size 3", "--patch-size"),
            ("train --images a --labels b -o run --learning-rate 1", "--learning-rate is 1"),
            ("train --images a --labels b -o run --validation-fraction 1", "between 0 and 1"),
            ("train --images a --labels b -o run --channels 0,1,2,3", "--channels"),
            ("train --images a --labels b -o run --parts all", "--parts"),
            ("benchmark encoder --model m.pt", "--image"), ("sample --width 3", "--width"),
        ]
    )
    func misuse(line: String, mention: String) throws {
        let end = try #require(ending(line))
        #expect(end.status == 64)
        #expect(end.message.hasPrefix("usam: ") && end.message.contains(mention))
        #expect(end.output.isEmpty && !end.message.contains("Error:"))
    }

    /// How the program ends with these arguments; nil if they are understood.
    private func ending(_ line: String) -> ProgramEnd? {
        do {
            var command = try Usam.parseAsRoot(line.split(separator: " ").map(String.init))
            // The parser's own command for help; ours are all asynchronous.
            if !(command is any AsyncParsableCommand) { try command.run() }
            return nil
        } catch {
            return Usam.ending(of: error)
        }
    }

    @Test("Help names every command and option, with the reference's defaults")
    func help() throws {
        let root = Usam.helpMessage()
        for command in ["segment", "info", "models", "sample"] { #expect(root.contains(command)) }
        #expect(!root.contains("benchmark"))
        let segment = try #require(ending("segment --help"))
        #expect(segment.status == 0 && segment.message.isEmpty)
        // Lines are broken where the terminal ends.
        let text = segment.output.split { $0.isWhitespace }.joined(separator: " ")
        for option in [
            "--model", "--decoder", "--device", "--threads", "--center-distance-threshold",
            "--boundary-distance-threshold", "--foreground-threshold", "--foreground-smoothing",
            "--distance-smoothing", "--min-size", "--reference-behavior", "--overlay", "--force",
            "--json", "--channel", "--z", "--t", "(default: usam-tiny)",
            "usam-tiny 0.6; otherwise 0.5)", "1.6)", "0.88",
            "--volume joins objects across slices", "--mode", "--each-plane", "--format",
            "--tile-shape", "--manifest",
        ] {
            #expect(text.contains(option), "\(option)")
        }
    }

    @Test("The version is printed alone")
    func version() throws {
        let end = try #require(ending("--version"))
        #expect(end.output == ProgramVersion.text && end.status == 0)
    }

    @Test("Failures are one line that begins with the program's name")
    func failures() {
        struct Broken: Error, CustomStringConvertible { let description = "a.tif:\n  broken" }
        let end = Usam.ending(of: Broken())
        #expect(end.message == "usam: a.tif: broken" && end.status == 1)
        let stopped = Usam.ending(of: ExitCode(130))
        #expect(stopped.message.isEmpty && stopped.output.isEmpty && stopped.status == 130)
    }
}
