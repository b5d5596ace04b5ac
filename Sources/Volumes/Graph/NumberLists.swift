/// Lists of numbers, one behind the other in one array.
struct NumberLists {
    private var numbers: [UInt32]
    /// Where each list begins, and at last where the last one ends.
    private var starts: [UInt32]

    /// Number of lists.
    var count: Int { starts.count - 1 }

    /// Makes the lists of some items.
    ///
    /// - Parameters:
    ///   - count: Number of lists.
    ///   - itemCount: Number of items.
    ///   - item: The list that an item adds to, and the number that it adds, in the order of the items; nil for none.
    init(_ count: Int, from itemCount: Int, _ item: (Int) -> (list: Int, number: Int)?) {
        starts = [UInt32](repeating: 0, count: count + 1)
        for index in 0..<itemCount {
            if let (list, _) = item(index) { starts[list + 1] += 1 }
        }
        for list in 0..<count { starts[list + 1] += starts[list] }
        numbers = [UInt32](repeating: 0, count: Int(starts[count]))
        // Each start moves on to the one of the next list, and is put back afterwards.
        for index in 0..<itemCount {
            guard let (list, number) = item(index) else { continue }
            numbers[Int(starts[list])] = UInt32(number)
            starts[list] += 1
        }
        for list in stride(from: count, to: 0, by: -1) { starts[list] = starts[list - 1] }
        starts[0] = 0
    }

    subscript(_ list: Int) -> ArraySlice<UInt32> {
        numbers[Int(starts[list])..<Int(starts[list + 1])]
    }
}
