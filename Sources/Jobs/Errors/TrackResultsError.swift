/// Why a folder of tracks cannot be written.
public enum TrackResultsError: Error, Hashable, Sendable {
    /// Results are there already, and were not to be replaced.
    case existing(folder: String)

    /// Something is there that is no folder of tracks, and is never replaced.
    case otherContent(path: String)

    /// The name is that of a file, but tracks are several files.
    case namedAsFile(path: String)

    /// The movie or its labels lie in the folder.
    case holdsInput(folder: String, input: String)
}

extension TrackResultsError: CustomStringConvertible {
    /// What is wrong; one line.
    public var description: String {
        switch self {
        case .existing(let folder): "\(folder): the folder holds tracks already"
        case .otherContent(let path):
            "\(path): this is a file, or a folder of other files than tracks; choose another name"
        case .namedAsFile(let path):
            "\(path): the results of a movie are a folder; choose a name without the ending of a file"
        case .holdsInput(let folder, let input):
            "\(folder): the folder would be replaced, but the input \(input) lies in it; choose another name"
        }
    }
}
