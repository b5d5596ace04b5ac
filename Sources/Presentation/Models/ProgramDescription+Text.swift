import Files
public import Jobs

extension ProgramDescription {
    /// Lines for a person.
    public var text: String {
        TextTable(
            rows: [
                ["usam", version], ["libtorch", libtorch],
                ["devices", devices.joined(separator: ", ")], ["processor", processor],
                ["precisions", precisions.joined(separator: ", ")], ["threads", "\(threads)"],
                ["cache", cache], ["embedded model", embeddedModel],
            ]
        )
        .text
    }
}
