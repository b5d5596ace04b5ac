public import Terminal

extension ForeignOptions {
    /// The options of micro-sam and Cellpose, for a command.
    ///
    /// - Parameter arguments: The whole command.
    public init(in arguments: [String]) {
        let commands = arguments.prefix { !$0.hasPrefix("-") }.prefix(2)
        var answers: [String: Answer] = [:]
        switch commands.first {
        case "segment", "embed", "prompt":
            answers = Self.segmenting
            let store = ["embed": "--output", "prompt": "--embedding"][commands[0]]
            for name in ["-e", "--embedding-path"] {
                answers[name] = .ours(store ?? "--embeddings")
            }
        case "evaluate":
            answers = ["-m": .ours("--model"), "--model-type": .ours("--model")]
        case "train": answers = Self.training
        case "models" where commands.last == "convert":
            answers = ["--diameter": .advice(Self.suited)]
        default: break
        }
        self.init(answers, pairs: ["--tile-shape", "--halo", "--patch-size"])
    }

    private static let suited =
        "the diameter in pixels of an image is an option of 'usam segment'; the best diameter of a model, "
        + "in pixels of its frame of 1024, is --suited-diameter"

    private static let segmenting: [String: Answer] = [
        // micro-sam
        "-i": .input, "--input-path": .input,
        "-m": .ours("--model"), "--model-type": .ours("--model"),
        "-c": .ours("--model"), "--checkpoint": .ours("--model"),
        "--output-path": .ours("--output"),
        "-d": .ours("--device"),
        "--pattern": .advice("name a pattern as the input, such as 'images/*.tif'"),
        "-n": .advice("--each-plane segments every slice of a stack separately"),
        "--ndim": .advice("--each-plane segments every slice of a stack separately"),
        "--annotate": .advice("there is no napari here; --overlay draws pictures of the results"),
        "--verbose": .advice("progress is always shown; --quiet turns it off"),
        // Cellpose
        "--dir": .input, "--image-path": .input,
        "--pretrained-model": .advice(
            "models of Cellpose are not read; --model names a model of usam"
        ),
        "--savedir": .ours("--output"),
        "--use-gpu": .advice("a GPU is used if there is one; --device cpu prevents it"),
        "--gpu-device": .advice("--device cuda:0 chooses one"),
        "--chan": .advice("--channel chooses channels, counted from 0 or by their names"),
        "--chan2": .advice("--channel 0,1 shows two channels, counted from 0"),
        "--do-3D": .advice("--each-plane segments every slice of a stack separately"),
        "--flow-threshold": .advice("the shapes of objects follow --boundary-distance-threshold"),
        "--cellprob-threshold": .advice("--foreground-threshold decides where objects lie"),
        "--save-tif": .advice("labels are written as TIFF; --format chooses others"),
        "--save-png": .advice("labels are written as TIFF; --overlay draws pictures"),
        "--save-outlines": .advice("--overlay draws outlines, --format geojson writes them"),
        "--save-rois": .advice("--format roi writes regions of ImageJ"),
        "--look-one-level-down": .ours("--recursive"),
    ]

    private static let training: [String: Answer] = [
        "-m": .ours("--model"), "--model-type": .ours("--model"),
        "--pretrained-model": .advice(
            "models of Cellpose are not read; --model names a model of usam"
        ),
        "--dir": .advice("--images and --labels name images and labels"),
        "--train": .advice("leave it out; --images and --labels name images and labels"),
        "--n-epochs": .ours("--epochs"),
        "--diameter": .advice(suited),
    ]
}
