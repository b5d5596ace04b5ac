import ArgumentParser

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

    func validate() throws {
        if inputs.contains("") { throw ValidationError("An input has an empty name.") }
    }
}

/// What a command prints of its course and its end.
struct DisplayOptions: ParsableArguments {
    @Flag(help: "Print a summary as JSON.")
    var json = false

    @Flag(help: "Show no progress.")
    var quiet = false
}
