import Annotations
import ArgumentParser
import Files
import Terminal

/// `usam project check`: whether everything in a project is sound.
struct ProjectCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare everything in a project with everything else.",
        discussion: """
            All labels have their hashes, the boxes and areas of all objects agree with their pixels, and \
            all edits from the beginning on give the present state. The exit status is 1 if something was \
            found.
            """
    )

    @OptionGroup var project: ProjectArguments

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let problems = try project.use { try $0.check() }
        let console = Console.system
        if json {
            console.print(try JSONText.encode(problems))
        } else if problems.isEmpty {
            console.print("nothing found")
        }
        guard !problems.isEmpty else { return }
        if !json {
            for problem in problems {
                let place = problem.image.map { "image \($0): " } ?? ""
                console.print("\(place)\(problem)")
            }
        }
        throw ExitCode.failure
    }
}
