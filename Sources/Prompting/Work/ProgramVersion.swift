/// The version of the program and its libraries.
public enum ProgramVersion {
    /// The version, as `usam --version` prints it.
    public static let text = "0.1.0"
}
