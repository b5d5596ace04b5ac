/// Groups of numbers 1, 2, … that can be merged; 0 is a group of its own that never merges.
///
/// The smallest number of a group is its root, so results do not depend on the order of merging.
package struct DisjointSets: Sendable {
    private var parents: [UInt32] = [0]

    /// Creates `count` groups of one number each, from 1 to `count`.
    package init(count: Int = 0) {
        parents = (0...UInt32(count)).map { $0 }
    }

    /// How many numbers there are, 0 included.
    package var count: Int { parents.count }

    /// Adds the next number as a group of its own and returns it.
    package mutating func insert() -> UInt32 {
        let number = UInt32(truncatingIfNeeded: parents.count)
        parents.append(number)
        return number
    }

    /// The smallest number in the group of `number`.
    package mutating func root(_ number: UInt32) -> UInt32 {
        var current = number
        while parents[Int(current)] != current {
            let grandparent = parents[Int(parents[Int(current)])]
            parents[Int(current)] = grandparent
            current = grandparent
        }
        return current
    }

    /// Merges two groups and returns the root of the result.
    @discardableResult
    package mutating func union(_ first: UInt32, _ second: UInt32) -> UInt32 {
        let (a, b) = (root(first), root(second))
        let (low, high) = (min(a, b), max(a, b))
        parents[Int(high)] = low
        return low
    }

    /// For every number, the rank of its group: 0 for 0, then 1, 2, … by smallest member.
    package func rootNumbers() -> [UInt32] {
        var numbers = [UInt32](repeating: 0, count: parents.count)
        var next: UInt32 = 0
        for index in parents.indices.dropFirst() {
            let parent = Int(parents[index])
            if parent == index {
                next += 1
                numbers[index] = next
            } else {
                numbers[index] = numbers[parent]  // a parent is smaller, so it is known already
            }
        }
        return numbers
    }
}
