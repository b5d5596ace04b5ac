/// What a loss of power may undo once a file was written.
public enum Durability: String, Hashable, Codable, Sendable {
    /// The file is complete, old or new, whenever the program is killed; a loss of power may undo it.
    ///
    /// For what can be computed again.
    case atomic

    /// Content and name are on the disk as well, before the writer goes on.
    ///
    /// For what cannot be made again, and for what others rely on.
    case durable
}
