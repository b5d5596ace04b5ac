import Files
public import Jobs

extension ModelDescription {
    /// Lines for a person.
    public var text: String {
        var rows: [[String]] = []
        if let model {
            rows = [
                ["name", model.name], ["for", model.family], ["here", model.state],
                ["origin", model.url ?? "trained for this project"],
            ]
        }
        let registered = TextTable(rows: rows).text
        return [registered, checkpoint?.text ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
    }
}
