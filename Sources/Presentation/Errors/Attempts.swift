public import Terminal

/// Does something with each of several things, and says what failed; what comes after a failure is done as well.
///
/// - Returns: Whether all went well.
public func attempt<Item>(
    _ items: [Item],
    _ console: Console,
    _ body: (Item) throws -> Void
) -> Bool {
    var isFine = true
    for item in items {
        do {
            try body(item)
        } catch {
            console.printError("usam: \(describe(error))")
            isFine = false
        }
    }
    return isFine
}
