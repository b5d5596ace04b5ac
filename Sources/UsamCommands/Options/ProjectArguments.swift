import Annotations
public import ArgumentParser
import Files
import Foundation
import Presentation
import Terminal

/// The project file of a command.
struct ProjectArguments: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The project file.", valueName: "project"),
        completion: .file(extensions: ["usam"])
    )
    var file: String

    /// Whether the file has the name of a project.
    var isNamed: Bool { file.lowercased().hasSuffix(".usam") }

    /// Opens the project; says so if another program has it, and has to be waited for.
    func open() throws -> Project {
        try Project.open(at: URL(filePath: file)) {
            Console.system.printError("usam: \(file) is in use by another program; waiting")
        }
    }

    /// Opens the project, gives it to a function, and closes it whatever happens.
    func use<Result>(_ body: (Project) throws -> Result) throws -> Result {
        let project = try open()
        defer { try? project.close() }
        return try body(project)
    }
}

/// Some images of a project.
struct ProjectImageOptions: ParsableArguments {
    @Option(
        name: .customLong("image"),
        help: ArgumentHelp(
            "An image, by its number or name. Repeatable; by default all images.",
            valueName: "image"
        )
    )
    var images: [String] = []

    /// The images that are meant.
    ///
    /// - Throws: ``CommandFailure`` that says which images there are.
    func chosen(in project: Project) throws -> [ProjectImage] {
        let all = try project.images()
        guard !images.isEmpty else { return all }
        return try images.map { word in
            let found = all.filter { "\($0.id)" == word || $0.entry.name == word }
            guard let image = found.first else {
                let known = all.prefix(10).map { "\($0.id) (\($0.entry.name))" }
                throw CommandFailure(
                    "the project has no image '\(word)'; it has "
                        + (known.isEmpty ? "none" : Wording.list(known))
                        + (all.count > 10 ? " and \(all.count - 10) more" : "")
                )
            }
            guard found.count == 1 else {
                throw CommandFailure(
                    "the project has \(found.count) images '\(word)'; name one by its number: "
                        + Wording.list(found.map { "\($0.id)" }, "or")
                )
            }
            return image
        }
    }

    /// The only image that is meant.
    ///
    /// - Throws: ``CommandFailure`` if there are several.
    func one(in project: Project) throws -> ProjectImage {
        let chosen = try chosen(in: project)
        guard let image = chosen.first, chosen.count == 1 else {
            throw CommandFailure(
                "the project has \(Wording.count(chosen.count, "image")); choose one with --image"
            )
        }
        return image
    }
}

extension OverlapRule: ExpressibleByArgument {}
