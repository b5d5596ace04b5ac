/// Why the annotator cannot do what was asked for.
public enum AnnotatorError: Error, Hashable, Sendable {
    /// None of the images can be opened, and the project has none.
    case noImages
    /// The frames of a movie lie in several folders.
    case framesInFolders(String, String)
    /// One file is no movie: it has time points and slices, or a single frame.
    case noMovie(file: String, timePoints: Int, slices: Int)
    /// The project has another movie with some of these frames.
    case otherFrames(movie: String, known: Int, found: Int)
    /// The program that trains or measures failed.
    case programFailed(reason: String)
}

extension AnnotatorError: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .noImages: "there is no image that can be opened"
        case .framesInFolders(let one, let other):
            "\(one), \(other): the frames of a movie lie in one folder; open one movie at a time"
        case .noMovie(let file, let times, let slices) where times > 1:
            "\(file): the image has \(slices) slices and \(times) time points; a movie has one slice"
        case .noMovie(let file, _, _):
            "\(file): the image is a single frame; a movie is a folder of frames, or a file with several planes"
        case .otherFrames(let movie, let known, let found):
            "\(movie): \(found) frames are there now; the movie in the project keeps its \(known)"
        case .programFailed(let reason): reason
        }
    }
}
