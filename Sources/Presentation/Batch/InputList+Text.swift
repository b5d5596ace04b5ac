public import Jobs
public import Terminal

extension InputError {
    /// Whether folders inside folders were met, and not searched.
    fileprivate var leavesOutFolders: Bool {
        guard case .noImages(_, _, let leftOut) = self else { return false }
        return leftOut.contains { $0.reason == .folder }
    }
}

extension InputList {
    /// The images of a command that searches folders inside folders where it is asked to.
    ///
    /// What earlier runs have left among them is no image.
    ///
    /// - Parameter output: Where results go.
    /// - Throws: ``CommandFailure`` if all that was found is folders inside; `InputError`.
    public init(images: [String], output: String, isRecursive: Bool) throws {
        var options = Options()
        options.isRecursive = isRecursive
        options.leavesOutLabels = true
        options.output = output
        do {
            try self.init(images, of: .images, options)
        } catch let error as InputError where error.leavesOutFolders {
            throw CommandFailure("\(error); --recursive searches folders inside folders")
        }
    }

    /// Names what lies in the folders and is not taken, and a result that is taken as an image.
    ///
    /// - Parameter others: Reasons that need no word.
    public func printLeftOut(_ console: Console, besides others: [LeftOutFile.Reason] = []) {
        if kind == .images, let namedResult {
            console.printError("usam: \(namedResult): this is a result of an earlier run, no image")
        }
        for files in leftOut.summary where !others.contains(files.reason) {
            let hint =
                files.reason == .folder && others.isEmpty ? " (--recursive searches them)" : ""
            console.printError("usam: left out: \(files.text)\(hint)")
        }
    }
}
