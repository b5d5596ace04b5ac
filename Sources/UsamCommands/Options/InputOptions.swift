import ArgumentParser
import Jobs
import Presentation

/// The images that a command works on.
struct InputOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Images, folders of images, or patterns such as 'data/*.tif'.",
            valueName: "input"
        ),
        completion: .file()
    )
    var inputs: [String]

    @Flag(help: "Also search folders inside folders; results go to folders of the same names.")
    var recursive = false

    func validate() throws {
        if inputs.contains("") { throw ValidationError("An input has an empty name.") }
    }

    /// The images, without what earlier runs have left among them.
    ///
    /// - Parameter output: Where results go.
    func list(output: String) throws -> InputList {
        try InputList(images: inputs, output: output, isRecursive: recursive)
    }
}

/// What a command prints of its course and its end.
struct DisplayOptions: ParsableArguments {
    @Flag(help: "Print a summary as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false
}
