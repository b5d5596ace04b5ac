/// Why a lineage cannot be changed or made: what was asked would break one of its rules.
///
/// After an error the graph is as it was before.
public enum LineageError: Error, Hashable, Sendable {
    /// There is no such node.
    case unknownNode(LineageNode.ID)

    /// There is no track of this number.
    case unknownTrack(UInt32)

    /// A node that makes no sense by itself.
    case invalidNode(LineageNode.ID, _ reason: String)

    /// Another node has the name.
    case nodeExists(LineageNode.ID)

    /// Another object has the label in the frame.
    case labelInUse(frame: Int, label: UInt32)

    /// Another track has the number.
    case numberInUse(UInt32)

    /// All numbers of tracks up to the largest of 32 bits were used.
    case noNumberLeft

    /// A link that does not go to a later frame.
    case notForward(from: LineageNode.ID, to: LineageNode.ID)

    /// A node that has a parent already.
    case hasParent(LineageNode.ID, LineageNode.ID)

    /// Nodes that must lie in one frame do not.
    case notInOneFrame(LineageNode.ID, LineageNode.ID)

    /// The same node where different ones are needed.
    case sameNode(LineageNode.ID)

    /// Fewer nodes than the edit needs.
    case tooFewNodes(needed: Int, found: Int)

    /// A change that was made for another state of the graph.
    case changeDoesNotFit(LineageNode.ID)

    /// A link from or to a detection that is not in the list.
    case unknownDetection(Int, count: Int)

    /// An object of a label image whose label is no track of the table in this frame.
    case objectWithoutTrack(frame: Int, label: UInt32)

    /// A track of the table that has no object in its first or last frame.
    case trackWithoutObject(UInt32, frame: Int)

    /// Two tracks of a table with the same number.
    case trackTwice(UInt32)

    /// A track whose parent is not in the table.
    case unknownParent(UInt32, of: UInt32)

    /// A track that begins before its parent ends.
    case parentNotBefore(UInt32, of: UInt32)
}

extension LineageError: CustomStringConvertible {
    /// One line for the user.
    public var description: String {
        switch self {
        case .unknownNode(let id): "there is no object \(id)"
        case .unknownTrack(let number): "there is no track \(number)"
        case .invalidNode(let id, let reason): "object \(id) cannot be: \(reason)"
        case .nodeExists(let id): "there is an object \(id) already"
        case .labelInUse(let frame, let label):
            "frame \(frame) has an object with the label \(label) already"
        case .numberInUse(let number): "there is a track \(number) already"
        case .noNumberLeft: "all numbers of tracks were used; number the tracks anew"
        case .notForward(let from, let to):
            "object \(to) lies in no later frame than object \(from), so it cannot come from it"
        case .hasParent(let id, let parent):
            "object \(id) comes from object \(parent) already; break that link first"
        case .notInOneFrame(let one, let other):
            "objects \(one) and \(other) lie in different frames"
        case .sameNode(let id): "object \(id) was given twice"
        case .tooFewNodes(let needed, let found):
            "\(found) objects were given, but at least \(needed) are needed"
        case .changeDoesNotFit(let id):
            "the change of object \(id) was made for another state of the tracks"
        case .unknownDetection(let index, let count):
            "a link names the detection \(index), but there are \(count), counted from 0"
        case .objectWithoutTrack(let frame, let label):
            "frame \(frame) has an object \(label), but the table has no such track there"
        case .trackWithoutObject(let number, let frame):
            "track \(number) begins or ends in frame \(frame), but has no object there"
        case .trackTwice(let number): "there are two tracks \(number)"
        case .unknownParent(let parent, let number):
            "track \(number) has the parent \(parent), which does not exist"
        case .parentNotBefore(let parent, let number):
            "track \(number) begins before its parent \(parent) ends"
        }
    }
}
