import Terminal

extension ForeignOptions {
    /// The options of micro-sam's training.
    static let training: [String: Answer] = [
        "-s": .ours("--output"), "--save-root": .ours("--output"),
        "--trained-model-name": .advice("--output names the folder of the run"),
        "--output-path": .advice(
            "the model is best.safetensors in the folder of --output; 'usam export' writes it for other "
                + "programs"
        ),
        "--configuration": .advice("--preset chooses the defaults for a kind of machine"),
        "--segmentation-decoder": .advice("--parts chooses what is trained, the decoder included"),
        "--patch-shape": .ours("--patch-size"),
        "--image-key": .ours("--key"),
        "--val-image-key": .advice(validationKeys), "--val-label-key": .advice(validationKeys),
        "--n-epochs": .ours("--epochs"),
        "--num-workers": .advice(
            "images are read beside the training; --threads limits the processor"
        ),
        "--preprocess": .advice(
            "--normalize minmax and --normalize percentile stretch whole images, --intensities patches"
        ),
    ]

    private static let validationKeys = "--key and --label-key hold for --val-images, too"

    /// The options of Cellpose's training.
    static let trainingByCellpose: [String: Answer] = [
        "--dir": .advice("--images and --labels name images and labels"),
        "--train": .advice("leave it out; --images and --labels name images and labels"),
        "--test-dir": .advice(
            "--val-images and --val-labels name images and labels for validation"
        ),
        "--mask-filter": .advice("--labels takes a pattern, such as 'images/*_masks.tif'"),
        "--img-filter": .advice("--images takes a pattern, such as 'images/*_img.tif'"),
        "--diameter": .advice(suited),
        "--diam-mean": .advice("the best diameter of the model is --suited-diameter"),
        "--train-batch-size": .ours("--batch-size"), "--bsize": .ours("--patch-size"),
        "--nimg-per-epoch": .ours("--samples-per-epoch"),
        "--model-name-out": .advice("--output names the folder of the run"),
        "--chan": .advice("--channels chooses channels, counted from 0"),
        "--chan2": .advice("--channels 0,1 shows two channels, counted from 0"),
    ]
}
