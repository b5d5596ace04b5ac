public import ArgumentParser
import Presentation
import Prompting
import Terminal

/// The program: the root of all commands.
public struct Usam: AsyncParsableCommand {
    /// Names the program and its commands.
    public static let configuration = CommandConfiguration(
        commandName: "usam",
        abstract: "Segment Anything for microscopy.",
        discussion: """
            Finds objects such as nuclei and cells in microscopy images and writes label images.

            usam segment cells.tif -o labels.tif       one image
            usam segment images/ -o labels/ --overlay  a folder, with pictures of the results
            usam info cells.tif                        description of a file

            Results go to standard output, progress and errors to standard error. The exit status \
            is 0 if all went well, 1 if something failed, 64 if the command was not understood, \
            130 after Ctrl-C.
            """,
        version: ProgramVersion.text,
        subcommands: [
            Segment.self, Track.self, Rerun.self, PromptCommand.self, Annotate.self,
            ProjectCommand.self,
            Embed.self,
            Evaluate.self, Export.self, Train.self, Info.self, Models.self, Sample.self,
            Benchmark.self,
        ]
    )

    /// Creates the root command; used by the parser.
    public init() {}

    /// What the program says after an error of a command or of the parser, and its exit status.
    public static func ending(of error: any Error) -> ProgramEnd { ProgramEnd(error) }

    /// Runs the command that the arguments of the process name, and ends the process.
    public static func main() async {
        await main(arguments: Array(CommandLine.arguments.dropFirst()))
    }

    private static func main(arguments: [String]) async -> Never {
        do {
            let arguments = try understood(arguments)
            var command = try await asyncParseAsRoot(arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            ProcessEnd.exit(0)
        } catch {
            let ending = ProgramEnd(error)
            Console.system.print(ending.output)
            Console.system.printError(ending.message)
            ProcessEnd.exit(ending.status)
        }
    }

    /// The arguments in our words.
    ///
    /// - Throws: `ValidationError` for a command that there is not, or an option without counterpart.
    public static func understood(_ arguments: [String]) throws -> [String] {
        if arguments == ["-v"] { return ["--version"] }
        let words = CommandWords("usam", commands(of: Usam.self))
        if let defect = words.defect(of: arguments) { throw ValidationError(defect) }
        let translated: [String]
        do {
            translated = try ForeignOptions(in: arguments).translated(arguments)
        } catch {
            throw ValidationError(error.description)
        }
        if let defect = defect(of: translated[...], for: Usam.self) {
            throw ValidationError(defect)
        }
        return translated
    }

    private static func defect(
        of words: ArraySlice<String>,
        for command: any ParsableCommand.Type
    ) -> String? {
        let below = command.configuration.subcommands
        if let named = below.first(where: { $0._commandName == words.first }) {
            return defect(of: words.dropFirst(), for: named)
        }
        // A group has no options; its description, with those of all commands below, would slow `--version` down.
        guard below.isEmpty else {
            return command.configuration.defaultSubcommand.flatMap { defect(of: words, for: $0) }
        }
        return GivenOptions(description: command._dumpHelp()).defect(of: Array(words))
    }

    private static func commands(of command: any ParsableCommand.Type) -> [CommandWords.Command] {
        command.configuration.subcommands.map {
            .named(
                $0._commandName,
                commands(of: $0),
                isHidden: !$0.configuration.shouldDisplay
            )
        }
    }
}
