public import Jobs
public import Prompting
import Terminal

extension Movie {
    /// Opens the movie that a user names, and shows what was noticed.
    ///
    /// - Parameters:
    ///   - inputs: A file with time points, or the files or the folder of its frames.
    ///   - output: The folder of results, which is no input.
    ///   - isQuiet: Whether nothing is shown.
    /// - Throws: As ``Jobs/Movie/init(_:_:keepsOpacity:)``; `InputError`.
    public init(
        _ inputs: [String],
        besides output: String,
        _ settings: SegmentationSettings,
        isQuiet: Bool
    ) throws {
        var options = InputList.Options()
        options.leavesOutLabels = true
        options.output = output
        let list = try InputList(inputs, of: .images, options)
        try self.init(list, settings.plane, keepsOpacity: settings.keepsOpacity)
        guard !isQuiet else { return }
        list.printLeftOut(.system, besides: [.folder])
        NoteDisplay(.system).show(notes)
        if frames == .slices {
            Console.system.printError(
                "\(name): the image has \(count) slices and no time points; its slices are taken as frames"
            )
        }
    }
}
