import ArgumentParser
import Training

/// When a training ends at the latest; this may differ when a run goes on.
struct TrainingLimitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Total minutes of training; the parameter search and the pictures come afterwards.",
            valueName: "minutes"
        )
    )
    var minutes: Double?

    @Option(help: "Passes over the data (default: 100 without another limit).")
    var epochs: Int?

    @Option(help: "Total number of iterations, instead of --epochs.")
    var iterations: Int?

    @Option(
        help: ArgumentHelp(
            "Epochs without improvement after which training ends, 0 for never (default: 10; with "
                + "--minutes never).",
            valueName: "epochs"
        )
    )
    var earlyStopping: Int?

    @Option(
        help: ArgumentHelp(
            "Also keep a checkpoint every N epochs, as epoch-N.safetensors.",
            valueName: "epochs"
        )
    )
    var keepEvery: Int?

    func validate() throws {
        if let minutes, !(minutes > 0 && minutes.isFinite) {
            throw ValidationError("--minutes is \(minutes); it must be positive.")
        }
        let counts = [
            ("--epochs", epochs), ("--iterations", iterations), ("--keep-every", keepEvery),
        ]
        for (name, value) in counts {
            if let value, !(1...1_000_000_000).contains(value) {
                throw ValidationError("\(name) is \(value); it must be at least 1.")
            }
        }
        if let earlyStopping, earlyStopping < 0 {
            throw ValidationError("--early-stopping is \(earlyStopping); it must not be negative.")
        }
    }

    var value: TrainingChoices.Limits {
        var limits = TrainingChoices.Limits()
        limits.minutes = minutes
        limits.epochs = epochs
        limits.iterations = iterations
        limits.earlyStopping = earlyStopping
        limits.keepsEveryEpochs = keepEvery
        return limits
    }
}
