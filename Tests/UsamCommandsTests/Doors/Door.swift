/// A way from an image and a model to labels.
enum Door: String, CaseIterable, Sendable {
    /// `usam segment`.
    case memory
    /// The same with embeddings that are computed and stored.
    case storing
    /// The same with embeddings that are all stored already; follows ``storing``.
    case stored
    /// The image is read region by region.
    case byRegion
    /// The run is repeated from its manifest; follows ``memory``.
    case rerun
    /// The labels that are judged.
    case judged
    /// The library.
    case library
    /// The session of an annotator.
    case session

    /// The doors of the program.
    static let ofProgram: [Door] = [.memory, .storing, .stored, .byRegion, .rerun, .judged]
}
