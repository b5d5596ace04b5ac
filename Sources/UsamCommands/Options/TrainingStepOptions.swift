public import ArgumentParser
import Imaging
import Prompting
import Segmentation
public import Training

/// What one iteration does.
struct TrainingStepOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Images per iteration (default: 1).", valueName: "count"))
    var batchSize: Int?

    @Option(
        help: ArgumentHelp(
            "Iterations per optimiser step (default: 1).",
            valueName: "count"
        )
    )
    var gradientAccumulation: Int?

    @Option(
        help: ArgumentHelp(
            "Objects per image and iteration (default: 4 to 25, by preset and memory).",
            valueName: "count"
        )
    )
    var objects: Int?

    @Option(
        help: ArgumentHelp(
            "Predictions per object: one from the first prompt, the others from corrections "
                + "(default: 2 to 8, by preset).",
            valueName: "count"
        )
    )
    var subIterations: Int?

    @Option(
        help: ArgumentHelp(
            "One optimiser step for both losses, or two.",
            valueName: "steps"
        )
    )
    var jointSteps: TrainingOptions.JointSteps?

    @Option(
        help: ArgumentHelp(
            "Learning rate (default: 1e-4 for ViT-T and adapters, otherwise 1e-5).",
            valueName: "rate"
        )
    )
    var learningRate: Double?

    @Option(
        help: ArgumentHelp(
            "Iterations at the end with a decreasing learning rate; needs --iterations.",
            valueName: "count"
        )
    )
    var cooldown: Int?

    @Option(
        help: ArgumentHelp(
            "Iterations times batch size in one epoch (default: at least 40 or 100).",
            valueName: "count"
        )
    )
    var samplesPerEpoch: Int?

    @Option(help: "Seed of all random numbers.")
    var seed: UInt64 = 0

    func validate() throws {
        let counts = [
            ("--batch-size", batchSize, 1024),
            ("--gradient-accumulation", gradientAccumulation, 4096),
            ("--objects", objects, 1024), ("--sub-iterations", subIterations, 64),
            ("--samples-per-epoch", samplesPerEpoch, 1_000_000_000),
            ("--cooldown", cooldown, 1_000_000_000),
        ]
        for (name, value, most) in counts {
            if let value, !(1...most).contains(value) {
                throw ValidationError("\(name) is \(value); it must be between 1 and \(most).")
            }
        }
        if let learningRate, !(learningRate > 0 && learningRate < 1) {
            throw ValidationError("--learning-rate is \(learningRate); it must be between 0 and 1.")
        }
    }

    /// Takes the options over.
    func apply(to choices: inout TrainingChoices) {
        choices.batchSize = batchSize
        choices.gradientAccumulation = gradientAccumulation
        choices.objectsPerImage = objects
        choices.subIterations = subIterations
        choices.jointSteps = jointSteps
        choices.cooldownIterations = cooldown
        choices.learningRate = learningRate
        choices.samplesPerEpoch = samplesPerEpoch
        choices.seed = seed
    }
}

/// How patches are taken from the images.
struct TrainingPatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Input of the networks.",
            discussion: """
                frame: a part of the image as segmentation resizes it; patch: pixels of the image as \
                they are; whole: the whole image. Default: frame, and patch for large images.
                """,
            valueName: "framing"
        )
    )
    var framing: SamplingOptions.Framing?

    @Option(
        help: ArgumentHelp(
            "Patches for --framing patch: HEIGHT,WIDTH or one number.",
            valueName: "pixels"
        )
    )
    var patchSize: TileShape?

    @Option(
        help: ArgumentHelp(
            "Side of the square that the networks work on, a multiple of 16 (ViT-T; default: by the size "
                + "of the objects).",
            valueName: "pixels"
        )
    )
    var cropSide: Int?

    @Option(
        help: ArgumentHelp(
            "Best diameter of objects, 8...512 pixels of the frame of 1024. Smaller objects are enlarged to it, in "
                + "training and in later segmentation; 0 turns this off (default: that of the start model).",
            discussion: "For --framing frame. For long objects, the width counts.",
            valueName: "pixels"
        )
    )
    var suitedDiameter: Double?

    @Option(
        help: ArgumentHelp(
            "Normalisation of intensities (default: image).",
            valueName: "how"
        )
    )
    var intensities: SamplingOptions.IntensityTransform?

    @Option(
        help: ArgumentHelp(
            "How whole images are stretched: minmax, percentile or percentile:low,high.",
            discussion:
                "It is stored in the model, so images are stretched in the same way later. The "
                + "default is that of the start model.",
            valueName: "way"
        )
    )
    var normalize: Normalization?

    @Option(
        help: ArgumentHelp(
            "Augmentation (default: strong for few images, otherwise flips).",
            valueName: "changes"
        )
    )
    var augmentation: TrainingChoices.Augmentation?

    func validate() throws {
        if let cropSide, cropSide % 16 != 0 || !(64...1024).contains(cropSide) {
            throw ValidationError(
                "--crop-side is \(cropSide); it must be a multiple of 16 from 64 to 1024."
            )
        }
        if let suitedDiameter, suitedDiameter != 0 {
            guard ObjectDiameter.range.contains(suitedDiameter) else {
                throw ValidationError(
                    "--suited-diameter is \(suitedDiameter); it must be 0, or between 8 and 512."
                )
            }
            guard patchSize == nil, framing == nil || framing == .frame else {
                throw ValidationError("--suited-diameter is for --framing frame.")
            }
        }
        if normalize != nil, let intensities, intensities != .image {
            throw ValidationError("--normalize is for --intensities image.")
        }
        if let patchSize {
            guard case .pixels(let size) = patchSize, (16...16_384).contains(size.width),
                (16...16_384).contains(size.height)
            else {
                throw ValidationError("--patch-size has sides from 16 to 16384 pixels.")
            }
            guard framing == nil || framing == .patch else {
                throw ValidationError("--patch-size is for --framing patch.")
            }
        }
    }

    /// Takes the options over.
    func apply(to choices: inout TrainingChoices) {
        choices.framing = framing
        if case .pixels(let size) = patchSize { choices.patchSize = size }
        choices.cropSide = cropSide
        choices.objectDiameter = suitedDiameter
        choices.intensities = intensities
        choices.normalization = normalize
        choices.augmentation = augmentation
    }
}

/// How a training uses the machine.
struct TrainingMachineOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Defaults for a kind of machine; reference has those of micro-sam, auto chooses.",
            valueName: "preset"
        )
    )
    var preset = TrainingPreset.auto

    @Option(
        help: ArgumentHelp(
            "Type of matrix products (default: bfloat16 on a GPU).",
            valueName: "type"
        )
    )
    var precision: TrainingOptions.Precision?

    @Flag(
        inversion: .prefixedNo,
        help: "Compute encoder blocks twice instead of keeping them: less memory, more time."
    )
    var checkpointing: Bool?

    /// Takes the options over.
    func apply(to choices: inout TrainingChoices) {
        choices.precision = precision
        choices.usesCheckpointing = checkpointing
    }
}

extension TrainingOptions.JointSteps: ExpressibleByArgument {}
extension TrainingOptions.Precision: ExpressibleByArgument {}
extension SamplingOptions.Framing: ExpressibleByArgument {}
extension SamplingOptions.IntensityTransform: ExpressibleByArgument {}
extension TrainingChoices.Augmentation: ExpressibleByArgument {}
extension TrainingPreset: ExpressibleByArgument {}
