/// Why tracks are not what the format asks for.
///
/// Scores exist all the same: where the table and the label images disagree, the label images count, and a parent that cannot be one is
/// none.
///
/// - Source: the rules of the Cell Tracking Challenge for results.
public enum TrackIssue: Hashable, Sendable {
    /// There is no object at all.
    case empty
    /// The table has several lines for a track; the first one counts.
    case repeated(track: UInt32)
    /// The last frame of a track lies before its first one.
    case reversed(track: UInt32, first: Int, last: Int)
    /// A track is missing in frames in which it should be, for example in a gap: their number, and the first of them.
    case missing(track: UInt32, frames: Int, first: Int)
    /// An object is seen in frames in which the table has no such track: their number, and the first of them.
    case unlisted(track: UInt32, frames: Int, first: Int)
    /// The parent of a track does not exist.
    case parentUnknown(track: UInt32, parent: UInt32)
    /// The parent of a track is still seen when the track begins.
    case parentNotBefore(track: UInt32, first: Int, parent: UInt32, last: Int)
}

extension TrackIssue: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .empty: "there are no objects"
        case .repeated(let track): "track \(track) is listed more than once"
        case .reversed(let track, let first, let last):
            "track \(track) ends in frame \(last), before it begins in frame \(first)"
        case .missing(let track, let frames, let first):
            "track \(track) is missing in \(Self.text(frames, first)) where the table has it"
        case .unlisted(let track, let frames, let first):
            "object \(track) is in \(Self.text(frames, first)) where the table does not have it"
        case .parentUnknown(let track, let parent):
            "track \(track) has the parent \(parent), which does not exist"
        case .parentNotBefore(let track, let first, let parent, let last):
            "track \(track) begins in frame \(first), but its parent \(parent) is there until frame \(last)"
        }
    }

    private static func text(_ frames: Int, _ first: Int) -> String {
        frames == 1 ? "frame \(first)" : "\(frames) frames, from frame \(first) on,"
    }
}
