public import Foundation

/// Why a project cannot be opened, read or changed.
public enum ProjectError: Error, Hashable, Sendable {
    /// A file of this name is there already.
    case exists(String)
    /// There is no such file.
    case notFound(String)
    /// The file is no project.
    case foreign(String)
    /// A later version of the program wrote the file.
    case newer(String, version: Int, supported: Int)
    /// The end of the file is missing.
    case truncated(String)
    /// The file contradicts itself; `detail` says where.
    case damaged(String, detail: String)
    /// Another program works with the file.
    case inUse(String)
    /// The file, or its folder, cannot be written.
    case readOnly(String)
    /// No space is left on the disk; what was answered before is safe.
    case diskFull(String)
    /// The system refuses to read or write.
    case failed(String, reason: String)
    /// The project was closed.
    case closed(String)

    /// The project has no image of this number.
    case unknownImage(Int64)
    /// The image has no edit of this number.
    case unknownEdit(Int64)
    /// The image has no object of this label.
    case unknownObject(UInt32)
    /// The image has an object of this label already.
    case labelTaken(UInt32)
    /// The gesture, or the image, cannot be used: the reason.
    case badGesture(String)
    /// The key belongs to a gesture on another image.
    case keyReused(UUID)
    /// Somebody else changed what the gesture builds on.
    case conflict(EditConflict)
}

extension ProjectError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        let text = file.map { "\($0): \(problem)" } ?? problem
        return remedy.isEmpty ? text : "\(text); \(remedy)"
    }

    /// The file concerned, if the error is about the file as a whole.
    public var file: String? {
        switch self {
        case .exists(let file), .notFound(let file), .foreign(let file), .truncated(let file),
            .newer(let file, _, _), .damaged(let file, _), .inUse(let file), .readOnly(let file),
            .diskFull(let file), .failed(let file, _), .closed(let file):
            file
        default: nil
        }
    }

    /// What is wrong; begins in lower case, without a final full stop.
    public var problem: String {
        switch self {
        case .exists: "a file of this name exists"
        case .notFound: "there is no such file"
        case .foreign: "this is not an annotation project"
        case .newer(_, let version, let supported):
            "the file has version \(version), but this program knows versions up to \(supported)"
        case .truncated: "the end of the file is missing"
        case .damaged(_, let detail): "the file is damaged: \(detail)"
        case .inUse: "another program is using this project"
        case .readOnly: "the file or its folder cannot be written"
        case .diskFull: "no space is left on the disk"
        case .failed(_, let reason): reason
        case .closed: "the project was closed"
        case .unknownImage(let id): "the project has no image \(id)"
        case .unknownEdit(let id): "the image has no edit \(id)"
        case .unknownObject(let label): "the image has no object \(label)"
        case .labelTaken(let label): "the image has an object \(label) already"
        case .badGesture(let reason): reason
        case .keyReused(let key): "the key \(key) belongs to a gesture on another image"
        case .conflict: "somebody else changed the same objects"
        }
    }

    /// What would help; empty where nothing sensible can be said.
    public var remedy: String {
        switch self {
        case .exists: "open it, or choose another name"
        case .notFound: "check the name"
        case .foreign: "name a file that ends in .usam"
        case .newer: "use a newer version of the program"
        case .truncated, .damaged: "take a copy from before the damage"
        case .inUse: "close the other program first"
        case .readOnly: "check the permissions, or copy the project to another folder"
        case .diskFull: "free some space; nothing that was saved is lost"
        case .failed: "check the disk"
        case .closed: "open it again"
        case .unknownImage, .unknownEdit, .unknownObject: "check the current list"
        case .labelTaken: "choose a label that is free"
        case .badGesture: ""
        case .keyReused: "make a new key for each gesture"
        case .conflict: "check the current state and repeat the gesture"
        }
    }
}
