import Imaging
import Prompting

/// The dimensions of an array before those of its pages.
struct LeadingAxes {
    var t = 1
    var c = 1
    var z = 1

    /// From fastest to slowest.
    var order = ""

    /// Axes that are none of ours, such as positions or angles, and what they are taken for.
    var taken: [Taken] = []

    /// An axis under the name that the description gives it.
    struct Taken: Hashable {
        let name: Character
        let axis: Character
    }

    /// Number of pages.
    var count: Int { t * c * z }

    /// Gives a side to the next slower axis; false if it has one already, or is none.
    mutating func add(_ letter: Character, _ side: Int) -> Bool {
        guard !order.contains(letter) else { return false }
        switch letter {
        case "t": t = side
        case "c": c = side
        case "z": z = side
        default: return false
        }
        order.append(letter)
        return true
    }
}

extension LeadingAxes {
    /// What is said of axes that are taken for others.
    var notes: [ReadingNote] {
        taken.map { taken in
            let axis = ["t": "time points", "c": "channels"][taken.axis] ?? "slices"
            return .axisTaken(taken.name.uppercased(), as: axis)
        }
    }

    /// Whether there are no more planes than can be.
    var isBelievable: Bool {
        TIFFPlaneMap(axes: ImageAxes(t: t, c: c, z: z, y: 1, x: 1), order: "") != nil
    }
}
