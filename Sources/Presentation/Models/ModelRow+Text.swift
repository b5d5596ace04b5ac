import Files
public import Jobs
import ModelZoo

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

    /// What is said of a file that does not exist and has the name of a model; empty for all others.
    public static func remark(onMissing file: String) -> String {
        let isModel = ModelZoo.standard.registry.models.contains { $0.name == file }
        guard isModel, FileStatus(of: file) == nil else { return "" }
        return "; 'usam models info \(file)' describes the model of this name"
    }
}
