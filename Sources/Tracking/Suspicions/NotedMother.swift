/// A mother that is noted for a track and cannot be linked with it, because she is still there when it begins.
public struct NotedMother: Hashable, Codable, Sendable {
    /// The last object of the mother.
    public var mother: LineageNode.ID

    /// The first object of the daughter.
    public var daughter: LineageNode.ID

    /// Describes a mother.
    public init(mother: LineageNode.ID, daughter: LineageNode.ID) {
        (self.mother, self.daughter) = (mother, daughter)
    }
}
