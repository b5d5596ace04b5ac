import Imaging

/// What a batch tells while it works.
package enum BatchEvent: Sendable {
    /// A step of one image began.
    case began(Stage, item: Int)
    /// Something that was decided for an image, and that the user may want otherwise.
    case decided(String, item: Int)
    /// So many parts of the present step are done, of so many.
    case advanced(item: Int, done: Int, of: Int)
    /// The work on one image ended, well or not.
    case finished(FileReport)
    /// The model can not be used: no image can be segmented.
    case modelFailed(String)
    /// The system asks to stop, by this signal.
    case interrupted(signal: Int32)
    /// Everything that was finished before the interruption has been told.
    case stopped
}

/// What became of one image.
package struct FileReport: Encodable, Hashable, Sendable {
    /// How the work on an image ended.
    package enum Status: String, Codable, Sendable {
        /// The result was written.
        case segmented
        /// The result was there already.
        case skipped
        /// There is no result; the error says why.
        case failed
    }

    /// The image.
    package var input: String

    /// The first result, by default the label image; nil if there is none.
    package var output: String?

    /// All results.
    package var outputs: [String] = []

    /// The picture with contours; nil if there is none.
    package var overlay: String?

    /// How it ended.
    package var status: Status

    /// Number of objects found.
    package var objects: Int?

    /// Width of the image in pixels.
    package var width: Int?

    /// Height of the image in pixels.
    package var height: Int?

    /// Number of planes, each of which was segmented for itself; nil for one.
    package var planes: Int?

    /// How long each step took.
    package var seconds = StageTimes()

    /// What looks odd, but did not prevent a result.
    package var warnings: [String] = []

    /// Why there is no result.
    package var error: String?
}
