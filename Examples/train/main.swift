// Trains a model on annotated images for a moment: example-train IMAGES LABELS FOLDER

import Foundation
import MicroSAM

let arguments = CommandLine.arguments
guard arguments.count == 4 else { exit(2) }

let run = try await TrainingRun.prepare(
    images: InputList([arguments[1]]).paths,
    labels: InputList([arguments[2]]).paths,
    from: "usam-tiny",
    in: arguments[3]
) {
    // All other settings are chosen from the data and the machine.
    $0.choices.cropSide = 64
    $0.choices.samplesPerEpoch = 2
    $0.choices.limits.iterations = 2
}
for try await event in run.events(pictures: 2) {
    if case .ended(let summary) = event { print(summary.outcome) }
}
