import Annotations
import Imaging

/// What a project should hold, as whole images in memory, by the simplest code that there is.
struct ModelProject {
    struct Object: Hashable {
        var category: String?
        var name: String?
        var source: ObjectSource
        var isLocked = false
        var isAccepted = false
        var isDoubtful = false
        var promptCount = 0
    }

    struct State: Hashable {
        var labels: LabelImage
        var objects: [UInt32: Object] = [:]
        var status = ImageStatus.new
    }

    var state: State
    /// The state after each edit.
    private(set) var states: [Int64: State]
    private(set) var parents: [Int64: Int64] = [:]
    private(set) var redos: [Int64: Int64] = [:]
    private(set) var current: Int64 = 0

    init(size: Size) {
        state = State(labels: LabelImage(size: size))
        states = [0: state]
    }

    mutating func undo() {
        guard let parent = parents[current] else { return }
        redos[parent] = current
        go(to: parent)
    }

    mutating func redo() {
        if let next = redos[current] { go(to: next) }
    }

    private mutating func go(to edit: Int64) {
        current = edit
        state = states[edit] ?? state
    }

    /// Does what a gesture says, where the answer tells which labels are new.
    ///
    /// - Returns: What is wrong with the answer.
    mutating func apply(_ action: Gesture.Action, _ answer: EditAnswer) -> [String] {
        var next = state
        next.perform(action, created: answer.created, answer)
        let areas = next.areas
        next.objects = next.objects.filter { areas[$0.key] != nil }
        var problems: [String] = []
        if next != state {
            if answer.edit == current { problems.append("an edit is missing") }
            parents[answer.edit] = current
            redos[current] = answer.edit
            current = answer.edit
        } else if answer.edit != current, answer.tiles.isEmpty, answer.objects.isEmpty {
            problems.append("an edit of nothing")
        } else if answer.edit != current {
            // Something changed of what the model does not know, such as the score.
            parents[answer.edit] = current
            redos[current] = answer.edit
            current = answer.edit
        }
        if Set(answer.created) != Set(next.objects.keys).subtracting(state.objects.keys) {
            problems.append("created \(answer.created)")
        }
        if Set(answer.removed) != Set(state.objects.keys).subtracting(next.objects.keys) {
            problems.append("removed \(answer.removed)")
        }
        state = next
        states[current] = next
        return problems
    }
}

extension ModelProject.State {
    var areas: [UInt32: Int] {
        labels.labels.reduce(into: [:]) { if $1 != 0 { $0[$1, default: 0] += 1 } }
    }

    private var size: Size { labels.size }

    private func isLocked(_ label: UInt32) -> Bool { objects[label]?.isLocked == true }

    private func pixels(_ mask: BoxMask) -> [Int] {
        var result: [Int] = []
        var (position, isInside) = (0, false)
        for run in mask.runs {
            for place in position..<position + run where isInside {
                let (y, x) = (mask.box.y + place / mask.box.width, place % mask.box.width)
                result.append(y * size.width + mask.box.x + x)
            }
            position += run
            isInside.toggle()
        }
        return result
    }

    fileprivate mutating func perform(
        _ action: Gesture.Action,
        created: [UInt32],
        _ answer: EditAnswer
    ) {
        switch action {
        case .commit(let object, let replaced, let rule):
            add([object], created, replaced, rule, nil)
        case .commitMany(let objects, let rule): add(objects, created, nil, rule, nil)
        // Of an image with one plane; random gestures hold one mask.
        case .commitVolume(let parts, let replaced, let rule):
            add(parts, created, replaced, rule, nil)
        case .accept(let objects, let rule, _): add(objects, created, nil, rule, .automatic)
        case .importLabels(let objects, let rule): add(objects, created, nil, rule, .imported)
        case .paint(let label, let mask, let rule): paint(label, mask, rule, created)
        case .erase(let mask, let label):
            for pixel in pixels(mask) {
                let value = labels.labels[pixel]
                if label == nil ? !isLocked(value) : value == label { labels.labels[pixel] = 0 }
            }
        case .fill(let label, let y, let x): fill(label, y, x)
        case .fillHoles(let all): for label in all { fillHoles(label) }
        case .smooth(let all, let radius): for label in all { smooth(label, radius) }
        case .split(let label, _, _): adopt(label, answer)
        case .merge(let all):
            for label in all.dropFirst() { replace(label, all[0]) }
        case .delete(let all): for label in all { replace(label, 0) }
        case .relabel(let from, let to):
            objects[to] = objects[from]
            replace(from, to)
        // Of movies, which have tests of their own.
        case .track, .link: break
        case .setClass(let all, let category):
            for label in all { objects[label]?.category = category }
        case .setName(let label, let name): objects[label]?.name = name
        case .setFlags(let all, let flags):
            for label in all {
                if let locked = flags.locked { objects[label]?.isLocked = locked }
                if let accepted = flags.accepted { objects[label]?.isAccepted = accepted }
                if let doubtful = flags.doubtful { objects[label]?.isDoubtful = doubtful }
            }
        case .setStatus(let status): self.status = status
        }
    }

    private mutating func replace(_ label: UInt32, _ other: UInt32) {
        for pixel in labels.labels.indices where labels.labels[pixel] == label {
            labels.labels[pixel] = other
        }
    }

    private mutating func add(
        _ new: [NewObject],
        _ created: [UInt32],
        _ replaced: UInt32?,
        _ rule: OverlapRule,
        _ source: ObjectSource?
    ) {
        let before = self
        if let replaced { replace(replaced, 0) }
        var keepers: Set<UInt32> = []
        var dropped: Set<Int> = []
        if rule == .keepObjects {
            for (label, area) in before.areas where label != replaced {
                let shares = new.map { object in
                    pixels(object.mask).count { labels.labels[$0] == label }
                }
                guard let best = shares.max(), Double(best) >= 0.75 * Double(area), best > 0,
                    let index = shares.firstIndex(of: best)
                else { continue }
                keepers.insert(label)
                dropped.insert(index)
            }
        }
        var free = created[...]
        var done: Set<UInt32> = []
        for (index, object) in new.enumerated() where !dropped.contains(index) {
            let allowed = pixels(object.mask).filter { pixel in
                let value = labels.labels[pixel]
                if value == 0 { return true }
                return rule != .keep && !done.contains(value) && !keepers.contains(value)
                    && !isLocked(value)
            }
            guard !allowed.isEmpty, let label = replaced ?? free.popFirst() else { continue }
            done.insert(label)
            for pixel in allowed { labels.labels[pixel] = label }
            let old = objects[label]
            objects[label] = ModelProject.Object(
                category: object.category ?? old?.category,
                name: object.name ?? old?.name,
                source: source ?? object.source,
                isLocked: old?.isLocked ?? false,
                isAccepted: (source ?? object.source) != .imported,
                promptCount: object.prompts.count
            )
        }
        if done.isEmpty { self = before }
    }

    private mutating func paint(
        _ label: UInt32,
        _ mask: BoxMask,
        _ rule: OverlapRule,
        _ created: [UInt32]
    ) {
        guard let target = label == 0 ? created.first : label else { return }
        for pixel in pixels(mask) {
            let value = labels.labels[pixel]
            if value == 0 || rule == .overwrite && !isLocked(value) {
                labels.labels[pixel] = target
            }
        }
        if label == 0 {
            objects[target] = ModelProject.Object(source: .brush, isAccepted: true)
        }
    }

    /// All background that is connected to a pixel by edges; nil if it reaches the border.
    private func enclosed(_ start: Int, where isOpen: (Int) -> Bool) -> Set<Int>? {
        guard isOpen(start) else { return [] }
        var (found, open): (Set<Int>, [Int]) = ([start], [start])
        while let pixel = open.popLast() {
            let (y, x) = (pixel / size.width, pixel % size.width)
            if y == 0 || x == 0 || y == size.height - 1 || x == size.width - 1 { return nil }
            for next in [pixel - 1, pixel + 1, pixel - size.width, pixel + size.width]
            where isOpen(next) && found.insert(next).inserted {
                open.append(next)
            }
        }
        return found
    }

    private mutating func fill(_ label: UInt32, _ y: Int, _ x: Int) {
        let found = enclosed(y * size.width + x) { labels.labels[$0] == 0 }
        for pixel in found ?? [] { labels.labels[pixel] = label }
    }

    private mutating func fillHoles(_ label: UInt32) {
        let before = labels.labels
        var outside = [Bool](repeating: false, count: before.count)
        var open = before.indices.filter { pixel in
            let (y, x) = (pixel / size.width, pixel % size.width)
            return y == 0 || x == 0 || y == size.height - 1 || x == size.width - 1
        }.filter { before[$0] != label }
        for pixel in open { outside[pixel] = true }
        while let pixel = open.popLast() {
            let (y, x) = (pixel / size.width, pixel % size.width)
            for (dy, dx) in [(-1, 0), (1, 0), (0, -1), (0, 1)]
            where (0..<size.height).contains(y + dy) && (0..<size.width).contains(x + dx) {
                let next = pixel + dy * size.width + dx
                guard before[next] != label, !outside[next] else { continue }
                outside[next] = true
                open.append(next)
            }
        }
        for pixel in before.indices where !outside[pixel] && before[pixel] == 0 {
            labels.labels[pixel] = label
        }
    }

    private mutating func smooth(_ label: UInt32, _ radius: Int) {
        let before = labels.labels
        var disk: [(Int, Int)] = []
        for dy in -radius...radius {
            for dx in -radius...radius where dy * dy + dx * dx <= radius * radius {
                disk.append((dy, dx))
            }
        }
        let own = before.indices.filter { before[$0] == label }
        var votes: [Int: Int] = [:]
        for pixel in own {
            let (y, x) = (pixel / size.width, pixel % size.width)
            for (dy, dx) in disk
            where (0..<size.height).contains(y + dy) && (0..<size.width).contains(x + dx) {
                votes[(y + dy) * size.width + x + dx, default: 0] += 1
            }
        }
        let inside = Set(votes.filter { 2 * $0.value > disk.count }.keys)
            .filter { before[$0] == 0 || before[$0] == label }
        guard !inside.isEmpty else { return }
        for pixel in own { labels.labels[pixel] = 0 }
        for pixel in inside { labels.labels[pixel] = label }
    }

    /// The pieces of a split come from the project; that they are pieces is checked by the test.
    private mutating func adopt(_ label: UInt32, _ answer: EditAnswer) {
        for created in answer.created { objects[created] = objects[label] }
        for created in answer.created { objects[created]?.promptCount = 0 }
    }
}
