// Finds all objects of an image: example-segment IMAGE LABELS.tif

import Foundation
import MicroSAM

let arguments = CommandLine.arguments
guard arguments.count == 3 else { exit(2) }

let model = try await Model("usam-tiny")
let plane = try PlaneSource(opening: arguments[1])
let labels = try await model.segment(plane)
try labels.writeTIFF(to: URL(filePath: arguments[2]), physicalSize: plane.physicalSize)
