// Segments the object at one point and excludes the area at another: example-prompt IMAGE LABELS.tif

import Foundation
import MicroSAM

let arguments = CommandLine.arguments
guard arguments.count == 3 else { exit(2) }

let model = try await Model("usam-tiny")
let plane = try PlaneSource(opening: arguments[1])
let cell = PromptedObject(
    id: 1,
    prompts: [.point(Point(x: 40, y: 25)), .point(Point(x: 14, y: 10), .negative)]
)
let masks = try await model.segment([cell], in: plane)
let labels = try LabelImage(painting: masks, of: [cell], size: plane.size, PromptOptions())
try labels.writeTIFF(to: URL(filePath: arguments[2]), physicalSize: plane.physicalSize)
