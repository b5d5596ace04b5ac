import AnnotationServer
public import Annotator
import Foundation
public import Terminal
public import Torch

extension TrainingProgram {
    /// This program once more.
    public init(on device: Device, _ console: Console) {
        let machine = ["--device", device.description]
        self.init(
            Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0]),
            train: { Self.training(on: $0, from: $1, $2, into: $3) + machine },
            evaluate: { split, model in
                ["evaluate", "automatic"] + split.keptOut.images
                    + ["--labels"] + split.keptOut.labels
                    + ["--model", model, "--json", "--quiet"] + machine
            },
            notice: { console.printError("usam: \($0)") }
        )
    }

    /// The arguments of a training.
    private static func training(
        on split: TrainingSplit,
        from model: String,
        _ length: TrainingLength?,
        into folder: String
    ) -> [String] {
        var arguments = ["train", "--images"] + split.learned.images
        arguments += ["--labels"] + split.learned.labels
        if !split.keptOut.isEmpty {
            arguments += ["--val-images"] + split.keptOut.images
            arguments += ["--val-labels"] + split.keptOut.labels
        }
        switch length {
        case .epochs(let count): arguments += ["--epochs", "\(count)"]
        case .iterations(let count): arguments += ["--iterations", "\(count)"]
        case nil: break
        }
        return arguments + ["--model", model, "--pictures", "0", "--quiet", "--output", folder]
    }
}
