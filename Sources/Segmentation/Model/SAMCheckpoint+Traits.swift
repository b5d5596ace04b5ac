public import Checkpoints
import Prompting

extension SAMCheckpoint {
    /// Checks that everything is understood that the file says about how the model is used.
    ///
    /// Without an entry the model would run as one that never had it, and give other labels without a word.
    ///
    /// - Throws: `CheckpointError.unsupported(file:what:advice:)` with the entry.
    public func requireReadableTraits() throws(CheckpointError) {
        guard let key = ModelTraits.unreadableEntries(of: metadata).first else { return }
        throw .unsupported(
            file: file,
            what: "the setting '\(key)' with the value '\(Self.short(metadata[key]))'",
            advice:
                "It may be damaged or from a later version: update this program, or export the model again, "
                + "which leaves the setting out."
        )
    }

    /// What was left out or looks odd, with the settings that make no sense to this program.
    public var allWarnings: [String] {
        warnings
            + ModelTraits.unreadableEntries(of: metadata).map {
                "The setting '\($0)' with the value '\(Self.short(metadata[$0]))' cannot be read and is left out."
            }
    }

    private static func short(_ value: String?) -> String {
        let value = value ?? ""
        return value.count > 60 ? value.prefix(60) + "…" : value
    }
}
