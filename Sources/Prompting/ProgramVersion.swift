/// The version of the program and its libraries.
public enum ProgramVersion {
    /// The version, as `usam --version` prints it and manifests hold it.
    public static let text = "\(series).0"

    /// The first two numbers, as stores of embeddings hold them after `usam`.
    ///
    /// Embeddings of another series are used, with a warning.
    public static let series = "0.1"
}
