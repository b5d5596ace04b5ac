import Annotations
import ArgumentParser
import Files
import Terminal

/// `usam project check`: whether everything in a project is sound.
struct ProjectCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a project for damage and contradictions.",
        discussion: """
            Checks the hashes of all labels, compares the boxes and areas of all objects with their pixels, \
            and checks that all edits together lead to the current state. The exit status is 1 if there is a \
            problem.
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
            console.print("no problems found")
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
