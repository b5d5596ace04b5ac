public import Terminal

extension ForeignOptions {
    /// The options of micro-sam and Cellpose, for a command.
    ///
    /// - Parameter arguments: The whole command.
    public init(in arguments: [String]) {
        let commands = Array(arguments.prefix { !$0.hasPrefix("-") }.prefix(2))
        let lists = [
            "--tile-shape": 2, "--halo": 2, "--patch-size": 2, "--z-range": 2, "--point": 4,
            "--box": 5, "--ellipse": 5,
        ]
        self.init(Self.answers(for: commands), lists: lists)
    }

    private static func answers(for commands: [String]) -> [String: Answer] {
        let images = model.adding(imaging)
        return switch commands.first {
        case "segment":
            images.adding(planar).adding(folders).adding(results).adding(thresholds)
                .adding(stacks("--each-plane")).adding(store("--embeddings"))
        case "embed":
            images.adding(planar).adding(folders).adding(stacks(nil)).adding(store("--output"))
        case "prompt":
            images.adding(planar).adding(results).adding(stacks(nil)).adding(store("--embedding"))
        case "track": images.adding(planar).adding(thresholds).adding(tracking)
        case "annotate": images.adding(annotating)
        case "evaluate": model.adding(evaluating)
        case "train": model.adding(training).adding(trainingByCellpose)
        case "info": ["--download": .advice(downloads)]
        case "models" where commands.last == "convert": ["--diameter": .advice(suited)]
        default: [:]
        }
    }

    private static let model: [String: Answer] = [
        "-m": .ours("--model"), "--model-type": .ours("--model"),
        // micro-sam names the architecture beside the file; here the file says it.
        "-c": .deciding("--model"), "--checkpoint": .deciding("--model"),
        "--checkpoint-path": .deciding("--model"), "--decoder-path": .ours("--decoder"),
        "-d": .ours("--device"),
        "-v": .advice(verbose), "--verbose": .advice(verbose),
        "--prefer-decoder": .advice("--mode chooses how objects are found"),
        "--pretrained-model": .advice(
            "models of Cellpose are not read; --model names a model of usam"
        ),
        "--gpu": .advice(gpu), "--use-gpu": .advice(gpu),
        "--gpu-device": .advice("--device cuda:0 chooses one"),
    ]

    private static let verbose = "progress is always shown; --quiet turns it off"
    private static let gpu = "a GPU is used if there is one; --device cpu prevents it"
    private static let pattern = "name a pattern as the input, such as 'images/*.tif'"
    static let suited =
        "the diameter in pixels of an image is an option of 'usam segment'; the best diameter of a model, "
        + "in pixels of its frame of 1024, is --suited-diameter"

    /// The options that commands for images share.
    private static let imaging: [String: Answer] = [
        // micro-sam
        "-i": .input, "--input": .input, "--input-path": .input, "--input-folder": .input,
        "--output-path": .ours("--output"), "--output-folder": .ours("--output"),
        "--pattern": .advice(pattern),
        "-p": .advice(noState), "--precompute-amg-state": .advice(noState),
        "--annotate": .advice("'usam annotate' opens images in the browser, to correct them"),
        "--tracking": .advice("'usam track' follows objects through a movie"),
        "-s": .advice(labels), "--segmentation-result": .advice(labels),
        "-sk": .advice(labels), "--segmentation-key": .advice(labels),
        // Cellpose
        "--dir": .input, "--image-path": .input, "--savedir": .ours("--output"),
        "--img-filter": .advice(pattern),
    ]

    private static let downloads =
        "'usam models fetch NAME' downloads a model, 'usam sample' images"
    private static let noState =
        "'usam embed' stores embeddings; masks from a grid of points are not stored"
    private static let labels =
        "'usam project import' brings labels into a project of the annotator"

    // MARK: - Cellpose

    private static let planar: [String: Answer] = [
        "--chan": .advice("--channel chooses channels, counted from 0 or by their names"),
        "--chan2": .advice("--channel 0,1 shows two channels, counted from 0"),
        "--channel-axis": .advice(axes), "--z-axis": .advice(axes),
        "--norm-percentile": .advice("--normalize percentile:LOW,HIGH stretches intensities so"),
        "--no-norm": .advice("intensities are always stretched; --normalize chooses how"),
        "--invert": .advice("images are used as they are; bright and dark objects are found"),
    ]

    private static let folders: [String: Answer] = ["--look-one-level-down": .ours("--recursive")]

    private static let thresholds: [String: Answer] = [
        "--flow-threshold": .advice("the shapes of objects follow --boundary-distance-threshold"),
        "--cellprob-threshold": .advice("--foreground-threshold decides where objects lie"),
        "--exclude-on-edges": .advice("objects at the edges of the image are kept"),
    ]

    private static let results: [String: Answer] = [
        "--save-tif": .advice("labels are written as TIFF; --format chooses others"),
        "--save-png": .advice("labels are written as TIFF; --overlay draws pictures"),
        "--save-outlines": .advice("--overlay draws outlines, --format geojson writes them"),
        "--save-rois": .advice("--format roi writes regions of ImageJ"),
        "--save-txt": .advice("--format geojson writes outlines"),
    ]

    private static let axes = "--axes names the dimensions of the file, such as zcyx"

    /// The options for stacks.
    ///
    /// - Parameter planes: The option that takes each plane on its own, if the command has one.
    private static func stacks(_ planes: String?) -> [String: Answer] {
        let apart = planes.map { "; \($0) segments every slice separately" } ?? ""
        let whole = Answer.advice("--volume takes a stack as a volume\(apart)")
        let joined = Answer.advice("--volume joins objects across slices, and --merging says how")
        let size = Answer.advice("--pixel-size z,y,x gives the sizes of voxels")
        return [
            "-n": whole, "--ndim": whole, "--do-3D": whole, "--Zstack": whole,
            "--stitch-threshold": planes == nil ? whole : joined, "--anisotropy": size,
        ]
    }

    private static func store(_ option: String) -> [String: Answer] {
        ["-e": .ours(option), "--embedding-path": .ours(option)]
    }

    private static let tracking: [String: Answer] = [
        "-e": .advice(oneRun), "--embedding-path": .advice(oneRun),
        "-s": .ours("--labels"), "--segmentation-result": .ours("--labels"),
        "--tracking": .advice("leave it out; this command always tracks"),
        "-n": .advice(frames), "--ndim": .advice(frames), "--do-3D": .advice(frames),
    ]

    private static let oneRun =
        "every frame is embedded once, and an interrupted run keeps what it has found"
    private static let frames = "frames are planes of one time point each; --axes names dimensions"

    private static let annotating: [String: Answer] = [
        "-o": .advice(project), "--output": .advice(project), "--output-path": .advice(project),
        "--output-folder": .advice(project), "--savedir": .advice(project),
        "-k": .advice(wholeFile), "--key": .advice(wholeFile),
        "-e": .advice(kept), "--embedding-path": .advice(kept),
        "-p": .advice(pattern), "--precompute-amg-state": .advice(kept),
        "--initial-segmentation-folder": .advice(labels),
        "--initial-segmentation-pattern": .advice(labels),
        "--prefer-decoder": .advice("the page offers the ways to find objects that the model has"),
        "--is-volumetric": .advice("stacks are recognised by their dimensions"),
        "--do-3D": .advice("stacks are recognised by their dimensions"),
        "--skip-segmented": .advice("the project keeps for each image what was done"),
        "--tracking": .ours("--movie"),
    ]

    private static let project =
        "objects are saved in the project file, which --project names; 'usam project export' writes labels"
    private static let wholeFile = "the page shows what a file holds, and needs no name in it"
    private static let kept = "embeddings are kept beside the project, and need no option"

    private static let evaluating: [String: Answer] = [
        "--output-path": .ours("--output"), "--output-folder": .ours("--output"),
        "-v": .advice("all scores are always shown"),
        "--verbose": .advice("all scores are always shown"),
        "--input-folder": .advice("'usam evaluate sets' scores data sets in the folder of --data"),
        "--dataset-choice": .advice(
            "'usam evaluate sets' scores several data sets; --only chooses"
        ),
        "--amg": .advice("'usam evaluate automatic --mode amg' scores it"),
    ]
}

extension [String: ForeignOptions.Answer] {
    /// With other answers, which replace those of the same names.
    func adding(_ others: Self) -> Self { merging(others) { _, new in new } }
}
