import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

/// The doors of the program.
struct ProgramDoors {
    let image: DoorImage

    /// The model behind all doors; nil for the one that is part of the program.
    var choice: QuickModel? = .brightness

    /// The labels behind one of ``Door/ofProgram``.
    func labels(_ door: Door) throws -> LabelImage {
        switch door {
        case .memory: return try segmented(door, [])
        case .storing, .stored: return try segmented(door, ["--embeddings", "store.zarr"])
        case .byRegion: return try segmented(door, ["--by-region"])
        case .rerun:
            try run(["rerun", "memory/manifest.jsonl", "-o", "rerun", "--quiet"])
            return try labels("rerun/cells.tif")
        case .judged:
            let options = image.kind == .planeOfStack ? [] : image.kind.arguments
            try run(
                ["evaluate", "automatic", image.single, "--labels", "truth.tif", "--quiet"]
                    + ["--predictions", "judged"] + options
            )
            let name = URL(filePath: image.single).deletingPathExtension().lastPathComponent
            return try labels("judged/\(name).tif")
        case .library, .session: throw NoProgram()
        }
    }

    private struct NoProgram: Error {}

    private func segmented(_ door: Door, _ options: [String]) throws -> LabelImage {
        try run(
            ["segment", image.file, "-o", door.rawValue + "/", "--quiet"] + image.kind.arguments
                + options
        )
        return try labels("\(door.rawValue)/cells.tif")
    }

    /// Runs the program, which has to succeed.
    @discardableResult
    func run(_ arguments: [String]) throws -> Program.Ending {
        let ending = try Program.run(arguments, in: image.place.folder, with: choice)
        #expect(ending.status == 0, "usam \(arguments.joined(separator: " ")): \(ending.error)")
        return ending
    }

    /// The labels of a file.
    func labels(_ name: String) throws -> LabelImage {
        try ImageSource(opening: URL(filePath: image.place.path(name))).readLabels()
    }
}
