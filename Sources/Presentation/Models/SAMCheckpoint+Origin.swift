import Checkpoints

extension SAMCheckpoint {
    /// What the file says of where its weights come from: start model, version, iterations, number of images.
    ///
    /// Settings of the model are among it, and are replaced by whoever writes others.
    var origin: [String: String] { metadata.filter { $0.key.hasPrefix("usam.") } }
}
