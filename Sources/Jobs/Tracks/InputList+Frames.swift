import Foundation
import TrackFiles

extension InputList {
    /// The label images of the frames of a movie: a stack, a folder, or those of a folder of the Cell Tracking Challenge.
    ///
    /// A reference of the challenge has its tracks in a folder inside, beside others that segmentations lie in.
    ///
    /// - Throws: ``InputError`` if a folder or pattern holds no image.
    public init(frameLabels argument: String) throws {
        let url = URL(filePath: argument)
        let inner = CTCFolder.labelFolder(of: url)?.path
        // Messages name the folder as the user did, where it is the same one.
        try self.init([inner == url.path ? argument : inner ?? argument])
    }
}
