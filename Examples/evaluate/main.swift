// Scores a model on annotated images: example-evaluate IMAGES LABELS

import Foundation
import MicroSAM

let arguments = CommandLine.arguments
guard arguments.count == 3 else { exit(2) }

let model = try await Model("usam-tiny")
let images = try AnnotatedImage.match(
    images: InputList([arguments[1]]).paths,
    labels: InputList([arguments[2]]).paths
)
let judgements = try await model.evaluate(images.pairs)
let summary = JudgementSummary("images", judgements)
for (name, value) in zip(JudgementSummary.header, summary.row) { print("\(name): \(value)") }
