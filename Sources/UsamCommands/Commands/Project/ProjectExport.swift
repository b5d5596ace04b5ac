import Annotations
import ArgumentParser
import Files
import Foundation
import Jobs
import Presentation
import Prompting
import Terminal

/// `usam project export`: the objects of images in the forms of `usam segment`.
struct ProjectExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the objects of a project in the formats of 'usam segment'.",
        discussion: """
            usam project export cells.usam -o labels/
            usam project export cells.usam -o labels/ --format tif,geojson,csv --overlay
            usam project export cells.usam -o labels/ --image 3

            Images without objects that are not marked as done are left out, unless --image names them.
            """
    )

    @OptionGroup var project: ProjectArguments

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder for the results.", valueName: "folder"),
        completion: .directory
    )
    var output: String

    @Option(
        help: ArgumentHelp(
            "tif, ome-zarr (label images), coco, geojson (QuPath), roi (ImageJ) or csv (measurements); "
                + "several are separated by commas.",
            valueName: "formats"
        ),
        completion: .list(ResultKind.formats.map(\.rawValue))
    )
    var format: FormatList?

    @Flag(help: "Also write a picture with the contours of all objects: NAME_overlay.png.")
    var overlay = false

    @OptionGroup var images: ProjectImageOptions

    @Flag(help: "Replace existing results.")
    var force = false

    @Flag(help: "Print only errors.")
    var quiet = false

    private var kinds: [ResultKind] {
        (format?.kinds ?? [.tiff]) + (overlay ? [.overlay] : [])
    }

    func run() throws {
        try project.use { project in
            var chosen = try images.chosen(in: project)
            let all = chosen.count
            if images.images.isEmpty {
                chosen.removeAll { $0.objectCount == 0 && $0.status != .done }
            }
            let console = Console.system
            if chosen.count < all, !quiet {
                console.printError(
                    "usam: \(Wording.count(all - chosen.count, "image")) without objects left out"
                )
            }
            let names = try project.resultNames()
            try OutputPlan.makeFolder(for: FileName.join(output, "result"))
            let stems = chosen.map { FileName.join(output, names[$0.id] ?? "\($0.id)") }
            try requireNew(stems)
            var hasFailed = false
            for (image, stem) in zip(chosen, stems) {
                do {
                    let files = try project.export(image.id, as: kinds, to: stem)
                    if !quiet { for file in files { console.print(file.path) } }
                } catch {
                    console.printError("usam: \(describe(error))")
                    hasFailed = true
                }
            }
            if hasFailed { throw ExitCode.failure }
        }
    }

    private func requireNew(_ stems: [String]) throws {
        let files = stems.flatMap { stem in kinds.map { stem + $0.ending } }
        guard !force, let old = files.first(where: { FileStatus(of: $0) != nil }) else { return }
        throw CommandFailure("\(old) exists; name another folder, or replace results with --force")
    }
}
