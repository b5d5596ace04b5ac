import Files
public import Jobs

extension ModelRow {
    /// For the table: whether automatic segmentation works.
    public var segmentation: String { hasDecoder ? "yes" : "no decoder" }

    /// For the table: whether it is on this machine.
    public var state: String {
        switch availability {
        case "embedded": "yes, part of the program"
        case "downloaded": "yes, \(Wording.byteCount(byteCount ?? 0))"
        default: "no, can be fetched"
        }
    }
}
