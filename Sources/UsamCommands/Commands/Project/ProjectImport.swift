import Annotations
import ArgumentParser
import Files
import Foundation
import ImageFormats
import Jobs
import Presentation
import Terminal

/// `usam project import`: labels of other programs as objects to correct.
struct ProjectImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import labels of other programs into a project, as objects to correct.",
        discussion: """
            usam project import cells.usam masks/
            usam project import cells.usam cells_cp_masks.tif
            usam project import cells.usam result.h5#exported_data --image 3

            Reads label images of Cellpose, StarDist, ilastik and others: TIFF, PNG, HDF5, Zarr or N5. Files \
            are matched to images by name; an ending that all label files share, such as '_cp_masks', is \
            ignored. Each import is one edit, which can be undone in the annotator.
            """
    )

    @OptionGroup var project: ProjectArguments

    @Argument(
        help: ArgumentHelp("Label files, or folders of them.", valueName: "labels"),
        completion: .file()
    )
    var labels: [String] = []

    @OptionGroup var images: ProjectImageOptions

    @Option(
        help: ArgumentHelp("The data set inside containers such as HDF5.", valueName: "name")
    )
    var key: String?

    @Option(
        help: ArgumentHelp(
            "The rule for pixels that already belong to an object: keep, keepObjects or overwrite.",
            discussion:
                "keep: they stay; keepObjects: a new object that mostly covers an existing one is left "
                + "out; overwrite: the new object takes them.",
            valueName: "rule"
        )
    )
    var rule: OverlapRule = .keep

    @Flag(help: "Print only errors.")
    var quiet = false

    func validate() throws {
        guard labels.isEmpty else { return }
        throw ValidationError(
            project.isNamed
                ? "There are no label files; name them after the project."
                : "There is no project; name it before the label files, such as "
                    + "'usam project import cells.usam \(project.file)'."
        )
    }

    func run() throws {
        try project.use { project in
            let list = try InputList(labels, of: .labels)
            try list.requireFiles()
            let chosen = try images.chosen(in: project)
            guard !chosen.isEmpty else { throw CommandFailure("the project has no images") }
            let pairing = try pairing(chosen.map { project.path(of: $0.entry) }, list.paths)
            let console = Console.system
            for file in pairing.unusedLabels {
                console.printError("usam: \(file) belongs to none of the images and is left out")
            }
            try bring(pairing, into: project, chosen, console)
        }
    }

    private func pairing(_ images: [String], _ labels: [String]) throws -> ImagePairing {
        do {
            return try ImagePairing(images: images, labels: labels)
        } catch {
            guard case .unpaired = error else { throw error }
            throw CommandFailure(
                "\(Wording.count(labels.count, "label file")) cannot be matched with "
                    + "\(Wording.count(images.count, "image")) of the project; give files of the "
                    + "same names, or one file with --image"
            )
        }
    }

    private func bring(
        _ pairing: ImagePairing,
        into project: Project,
        _ images: [ProjectImage],
        _ console: Console
    ) throws {
        let client = UUID()
        let notes = NoteDisplay(console)
        var hasFailed = false
        for (image, pair) in zip(images, pairing.pairs) {
            do {
                let answer = try project.importLabels(
                    pair.labels,
                    key: key,
                    into: image.id,
                    rule,
                    client: client
                ) { notes.show([$0]) }
                if !quiet {
                    let count = Wording.count(answer.created.count, "object")
                    console.print("\(pair.labels): \(count) into \(image.entry.name)")
                }
            } catch {
                console.printError("usam: \(describe(error))")
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode.failure }
    }
}
