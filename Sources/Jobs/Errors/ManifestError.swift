public import Files
import Prompting

/// Why a manifest cannot be read, continued or written.
public enum ManifestError: Error, Hashable, Sendable {
    /// The file cannot be read.
    case unreadable(file: String)
    /// The file has no complete line.
    case noLine(file: String)
    /// The file has no content at all; perhaps there are results that it should tell of.
    case empty(file: String, result: String? = nil)
    /// The path is that of something beside a manifest, or of nothing.
    case elsewhere(path: String, manifest: String?)
    /// The manifest is that of a result of prompts, which no run can repeat.
    case ofPrompts(file: String)
    /// A line, counted from 1, is not one of a manifest.
    case foreignLine(file: String, line: Int)
    /// The manifest has a version of the format that is not known.
    case unknownFormat(file: String, format: Int)
    /// The results there were made in another way.
    case otherSettings(file: String, changes: [JSONDifference])
    /// Another run writes to the manifest.
    case inUse(file: String)
    /// The system refused to open the file.
    case unopened(file: String, reason: String)
    /// The system refused to write to the file.
    case unwritten(file: String, reason: String)
}

extension ManifestError: CustomStringConvertible {
    /// What is wrong, and what to do; one line.
    public var description: String {
        switch self {
        case .unreadable(let file):
            "\(file): the manifest cannot be read; is the path right?"
        case .noLine(let file):
            "\(file): this is not a manifest of usam: it has no complete line"
        case .empty(let file, let result):
            "\(file): the manifest is damaged, because it is empty"
                + (result.map {
                    "; it does not say how results such as '\($0)' were made; choose another output, "
                        + "or replace them"
                } ?? "")
        case .elsewhere(let path, let manifest?):
            "\(path): this is not a manifest; its manifest is \(manifest)"
        case .elsewhere(let path, nil):
            "\(path): this folder has no manifest, so it is not the result of a run"
        case .ofPrompts(let file):
            "\(file): this is the manifest of objects from prompts; only automatic segmentation can be "
                + "repeated"
        case .foreignLine(let file, let line):
            "\(file): line \(line) is not a line of a manifest; choose another file"
        case .unknownFormat(let file, let format):
            "\(file): this manifest has the format \(format), but usam \(ProgramVersion.text) reads "
                + "format 1"
        case .otherSettings(let file, let changes):
            "\(file): the existing results were made with other settings "
                + "(\(changes.map(\.description).joined(separator: "; "))); choose another output, "
                + "or replace them"
        case .inUse(let file):
            "\(file): another run is writing to this manifest; wait until it ends, or choose "
                + "another output"
        case .unopened(let file, let reason):
            "\(file): the manifest cannot be opened: \(reason)"
        case .unwritten(let file, let reason):
            "\(file): the manifest cannot be written: \(reason)"
        }
    }
}
