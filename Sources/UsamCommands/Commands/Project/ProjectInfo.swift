import Annotations
import ArgumentParser
import Files
import Terminal

/// `usam project info`: images, objects, status.
struct ProjectInfo: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "List the images of a project, with their objects and status."
    )

    @OptionGroup var project: ProjectArguments

    @Flag(help: "Print JSON.")
    var json = false

    private struct Row: Encodable {
        let id: Int64
        let name: String
        let path: String
        let shape: ImageShape
        let status: ImageStatus
        let objects: Int
        let edit: Int64
    }

    func run() throws {
        let images = try project.use { try $0.images() }
        let rows = images.map { image in
            Row(
                id: image.id,
                name: image.entry.name,
                path: image.entry.path,
                shape: image.entry.shape,
                status: image.status,
                objects: image.objectCount,
                edit: image.edit
            )
        }
        let console = Console.system
        if json { return console.print(try JSONText.encode(rows)) }
        let objects = rows.reduce(0) { $0 + $1.objects }
        console.print(
            "\(Wording.count(rows.count, "image")), \(Wording.count(objects, "object")), "
                + "\(rows.count { $0.status == .done }) done"
        )
        let cells = rows.map { row in
            [
                "\(row.id)", row.name, "\(row.shape.size)", row.status.rawValue, "\(row.objects)",
            ]
        }
        let header = ["image", "name", "pixels", "status", "objects"]
        if !rows.isEmpty { console.print(TextTable(header: header, rows: cells).text) }
    }
}
