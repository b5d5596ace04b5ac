import Annotations
import ArgumentParser
import Files
import Foundation
import Jobs
import Presentation
import Prompting
import Terminal

/// `usam project import`: labels of other programs as objects to correct.
struct ProjectImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import labels and tracks of other programs into a project, to correct them.",
        discussion: """
            usam project import cells.usam masks/
            usam project import cells.usam result.h5#exported_data --image 3
            usam project import movie.usam trackmate.xml
            usam project import movie.usam frames_masks/ --each-plane

            Reads label images of Cellpose, StarDist, ilastik and others: TIFF, PNG, HDF5, Zarr or N5; and tracks of a \
            movie: a Cell Tracking Challenge folder, GEFF, or the XML of TrackMate. Files are matched to images by name; an \
            ending that all label files share, such as '_cp_masks', is ignored. Several files for one image are its \
            frames or slices. Each import is one edit, which can be undone in the annotator.
            """
    )

    @OptionGroup var project: ProjectArguments

    @Argument(
        help: ArgumentHelp("Label files, or folders of them, or tracks.", valueName: "labels"),
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

    @Flag(help: "Labels of different frames or slices are different objects.")
    var eachPlane = false

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
            let plan = try ImportPlan(project, images.chosen(in: project), files())
            let console = Console.system
            for file in plan.unusedFiles {
                console.printError("usam: \(file) belongs to none of the images and is left out")
            }
            let (client, work) = (UUID(), Work(telling: NoteDisplay(console).receive))
            let options = LabelImportOptions(key: key, rule: rule, separatesPlanes: eachPlane)
            let isFine = attempt(plan.pairs, console) { image, source in
                let answer = try project.importObjects(
                    source,
                    into: image.id,
                    options,
                    client: client,
                    work
                )
                let count = Wording.count(answer.created.count, "object")
                if !quiet { console.print("\(source): \(count) into \(image.entry.name)") }
            }
            if !isFine { throw ExitCode.failure }
        }
    }

    /// The files; a folder of tracks is one of them, and any other folder stands for its label images.
    private func files() throws -> [String] {
        if labels.count == 1, Project.holdsTracks(labels[0]) { return labels }
        let list = try InputList(labels, of: .labels)
        try list.requireFiles()
        return list.paths
    }
}
