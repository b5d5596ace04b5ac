import Annotations
import ArgumentParser
import Files
import Terminal

/// `usam project history`: every edit of an image.
struct ProjectHistory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "List the edits of an image, the latest first.",
        discussion: "Edits in brackets were undone, or belong to an abandoned branch."
    )

    @OptionGroup var project: ProjectArguments
    @OptionGroup var images: ProjectImageOptions

    @Option(help: ArgumentHelp("Maximum number of edits to list.", valueName: "count"))
    var limit: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 {
            throw ValidationError("--limit is \(limit); it must be 1 or more.")
        }
    }

    func run() throws {
        let edits = try project.use { project in
            try project.history(image: images.one(in: project).id, limit: limit)
        }
        let console = Console.system
        if json { return console.print(try JSONText.encode(edits)) }
        for edit in edits {
            let text = "\(edit.edit)  \(edit.time)  \(edit.words)"
            console.print(edit.undone ? "(\(text))" : text)
        }
        if edits.isEmpty { console.print("no edits") }
    }
}
