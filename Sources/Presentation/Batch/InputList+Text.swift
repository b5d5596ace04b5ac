public import Jobs
public import Terminal

extension InputList {
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
