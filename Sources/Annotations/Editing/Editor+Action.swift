import Files
import Imaging

extension Editor {
    /// Does what a gesture says.
    ///
    /// - Returns: What was done, for people; where nothing changes in the end, this is not used.
    func perform(_ action: Gesture.Action) throws -> String {
        switch action {
        case .commit(let object, let replaced, let rule):
            guard let label = try add([object], replacing: replaced, rule).first else { return "" }
            return replaced == nil ? "Commit object \(label)" : "Commit object \(label) again"
        case .commitMany(let objects, let rule):
            return "Commit \(Self.count(try add(objects, rule)))"
        case .commitVolume(let parts, let replaced, let rule):
            return try commitVolume(parts, replacing: replaced, rule)
        case .accept(let objects, let rule, _):
            let labels = try add(objects.map { $0.from(.automatic) }, rule)
            return "Accept \(Self.count(labels)) of automatic segmentation"
        case .importLabels(let objects, let rule):
            return "Import \(Self.count(try add(objects.map { $0.from(.imported) }, rule)))"
        case .paint(let label, let mask, let rule): return try paint(label, mask, rule)
        case .erase(let mask, let label): return try erase(mask, label)
        case .fill(let label, let y, let x): return try fill(label, y: y, x: x)
        case .fillHoles(let labels):
            for label in labels { try fillHoles(label) }
            return "Fill holes of \(Self.count(labels))"
        case .smooth(let labels, let radius):
            for label in labels { try smooth(label, radius: radius) }
            return "Smooth \(Self.count(labels))"
        case .split(let label, let line, let width):
            return try split(label, along: line, width: width)
        case .merge, .delete, .relabel: return try performWhole(action)
        case .track(let edit): return try track(edit)
        case .link(let labels): return try link(labels)
        case .setClass, .setName, .setFlags, .setStatus: return try performSaying(action)
        }
    }

    /// How many objects there are; one that is named twice counts once.
    static func count(_ labels: [UInt32]) -> String {
        let count = Set(labels).count
        return count == 1 ? "object \(labels[0])" : Wording.count(count, "object")
    }

    private func performWhole(_ action: Gesture.Action) throws -> String {
        switch action {
        case .merge(let labels):
            guard let first = labels.first, Set(labels).count == labels.count, labels.count > 1
            else { throw ProjectError.badGesture("a merge needs at least two different objects") }
            var record = try named(first)
            record.parent = try mother(ofMerged: labels)
            say(record)
            try renameMothers(
                Dictionary(labels.dropFirst().map { ($0, first) }) { one, _ in one }
            )
            for label in labels.dropFirst() { try replace(label, with: first) }
            return "Merge \(Self.count(labels)) into object \(first)"
        case .delete(let labels):
            for label in labels { _ = try named(label) }
            for label in labels { try replace(label, with: 0) }
            return "Delete \(Self.count(labels))"
        case .relabel(let from, let to):
            var record = try named(from)
            guard to != 0, to < .max else {
                throw ProjectError.badGesture("a label must be between 1 and \(UInt32.max - 1)")
            }
            guard try object(to) == nil else { throw ProjectError.labelTaken(to) }
            try replace(from, with: try newLabel(to))
            record.label = to
            say(record)
            try renameMothers([from: to])
            return "Relabel object \(from) as \(to)"
        default: return ""
        }
    }

    private func performSaying(_ action: Gesture.Action) throws -> String {
        switch action {
        case .setClass(let labels, let category):
            try change(labels) { $0.category = try checked(category) }
            return category.map { "Class '\($0)' for \(Self.count(labels))" }
                ?? "No class for \(Self.count(labels))"
        case .setName(let label, let name):
            try change([label]) { $0.name = try checked(name) }
            return name.map { "Name object \(label) '\($0)'" } ?? "No name for object \(label)"
        case .setFlags(let labels, let flags):
            try change(labels) { record in
                record.isLocked = flags.locked ?? record.isLocked
                record.isAccepted = flags.accepted ?? record.isAccepted
                record.isDoubtful = flags.doubtful ?? record.isDoubtful
            }
            return "\(flags.words) \(Self.count(labels))"
        case .setStatus(let status):
            self.status = status
            return "Image is \(status.words)"
        default: return ""
        }
    }

    private func change(_ labels: [UInt32], _ body: (inout ObjectRecord) throws -> Void) throws {
        for label in labels {
            var record = try named(label)
            try body(&record)
            say(record)
        }
    }

    private func paint(_ label: UInt32, _ mask: BoxMask, _ rule: OverlapRule) throws -> String {
        if label != 0 { _ = try named(label) }
        let pixels = try pixels(mask)
        let target = label == 0 ? try newLabel() : label
        let count = try write(target, pixels) { other in
            try other == 0 || (rule == .overwrite && !isLocked(other))
        }
        guard label == 0 else { return "Paint object \(label)" }
        guard count > 0 else {
            reset()
            return ""
        }
        var record = ObjectRecord(label: target, source: .brush)
        record.isAccepted = true
        say(record)
        return "Paint new object \(target)"
    }

    private func erase(_ mask: BoxMask, _ label: UInt32?) throws -> String {
        let pixels = try pixels(mask)
        if let label {
            _ = try named(label)
            try write(0, pixels) { $0 == label }
            return "Erase from object \(label)"
        }
        try write(0, pixels) { try $0 != 0 && !isLocked($0) }
        return "Erase"
    }
}

extension NewObject {
    fileprivate func from(_ source: ObjectSource) -> NewObject {
        var result = self
        result.source = source
        return result
    }
}

extension Gesture.FlagChange {
    fileprivate var words: String {
        var words: [String] = []
        if let locked { words.append(locked ? "Lock" : "Unlock") }
        if let accepted { words.append(accepted ? "Accept" : "Take back the acceptance of") }
        if let doubtful { words.append(doubtful ? "Doubt" : "No doubt about") }
        return words.isEmpty ? "Nothing about" : words.joined(separator: ", ")
    }
}

extension ImageStatus {
    fileprivate var words: String {
        switch self {
        case .new: "new"
        case .work: "in progress"
        case .done: "done"
        case .skipped: "skipped"
        }
    }
}
