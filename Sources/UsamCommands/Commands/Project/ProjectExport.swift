import Annotations
import ArgumentParser
import Files
import Jobs
import Presentation
import Prompting
import Terminal

/// `usam project export`: the objects of images in the forms of `usam segment`.
struct ProjectExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Write the objects and tracks of a project in the formats of 'usam segment' and 'usam track'.",
        discussion: """
            usam project export cells.usam -o labels/
            usam project export cells.usam -o labels/ --format tif,geojson,csv --overlay
            usam project export cells.usam -o labels/ --image 3
            usam project export movie.usam -o results/ --tracks ctc,geff,csv,html

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
            "tif, ome-zarr (label images), coco, geojson (QuPath), roi (ImageJ), csv (measurements), or stl and obj "
                + "(surfaces, of stacks); several are separated by commas.",
            valueName: "formats"
        ),
        completion: .list(ResultKind.formats.map(\.rawValue))
    )
    var format: FormatList?

    @Option(
        help: ArgumentHelp(
            "Write the tracks of movies in the formats of 'usam track', into a folder NAME-tracks for each: "
                + "\(TrackFormatList.allValueStrings.joined(separator: ", ")); separated by commas.",
            discussion: "Objects are written, too, if --format is given.",
            valueName: "formats"
        ),
        completion: .list(TrackFormatList.allValueStrings)
    )
    var tracks: TrackFormatList?

    @Flag(help: "Also write a picture with the contours of all objects: NAME_overlay.png.")
    var overlay = false

    @OptionGroup var images: ProjectImageOptions

    @Flag(help: "Replace existing results.")
    var force = false

    @Flag(help: "Print only errors.")
    var quiet = false

    private var kinds: [ResultKind] {
        (format?.kinds ?? (tracks == nil ? [.tiff] : [])) + (overlay ? [.overlay] : [])
    }

    func run() throws {
        try project.use { project in
            let plan = try ExportPlan(
                project,
                images.chosen(in: project),
                areNamed: !images.images.isEmpty,
                as: kinds,
                tracks: tracks?.kinds ?? [],
                to: output
            )
            let console = Console.system
            if !quiet { for note in plan.notes { console.printError("usam: \(note)") } }
            try OutputPlan.makeFolder(for: FileName.join(output, "result"))
            if !force, let old = plan.existing {
                throw CommandFailure(
                    "\(old) exists; name another folder, or replace results with --force"
                )
            }
            let isFine = attempt(plan.images, console) { image in
                let files = try plan.write(image)
                try ResultRecord.note(files)
                if !quiet { files.forEach(console.print) }
            }
            if !isFine { throw ExitCode.failure }
        }
    }
}
