import Imaging
import Synchronization

/// Embeddings in memory, those used last, up to a number of bytes.
///
/// With an embedding stays everything that was prepared from it, so a second prompt in a tile costs neither
/// an encoder pass nor the preparation of its tokens.
public final class EmbeddingMemory: Sendable {
    private struct Key: Hashable {
        let plane: String
        let part: EmbeddedPart
    }

    private struct Entry {
        let embedding: ImageEmbedding
        var lastUse: UInt64
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())

    /// The bytes that are kept at most; a single embedding is kept even if it is larger.
    public let byteLimit: Int

    /// Creates an empty memory, by default of 512 MiB: about a hundred embeddings.
    public init(byteLimit: Int = 512 << 20) { self.byteLimit = byteLimit }

    /// The shelf of one plane.
    ///
    /// - Parameter plane: By what the plane and the model are recognised.
    public func shelf(of plane: String) -> any EmbeddingShelf {
        MemoryShelf(memory: self, plane: plane)
    }

    /// Bytes that are kept now.
    public var byteCount: Int { state.withLock { Self.byteCount($0) } }

    /// Number of embeddings that are kept now.
    public var count: Int { state.withLock { $0.entries.count } }

    /// Forgets all embeddings of a plane.
    public func forget(_ plane: String) {
        state.withLock { state in
            state.entries = state.entries.filter { $0.key.plane != plane }
        }
    }

    fileprivate func embedding(_ part: EmbeddedPart, of plane: String) -> ImageEmbedding? {
        state.withLock { state in
            state.clock += 1
            let key = Key(plane: plane, part: part)
            state.entries[key]?.lastUse = state.clock
            return state.entries[key]?.embedding
        }
    }

    fileprivate func keep(_ embedding: ImageEmbedding, _ part: EmbeddedPart, of plane: String) {
        state.withLock { state in
            state.clock += 1
            let key = Key(plane: plane, part: part)
            state.entries[key] = Entry(embedding: embedding, lastUse: state.clock)
            while state.entries.count > 1, Self.byteCount(state) > byteLimit,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.entries[oldest.key] = nil
            }
        }
    }

    private static func byteCount(_ state: State) -> Int {
        state.entries.values.reduce(0) { $0 + $1.embedding.byteCount }
    }
}

/// The embeddings of one plane in an ``EmbeddingMemory``.
private struct MemoryShelf: EmbeddingShelf {
    let memory: EmbeddingMemory
    let plane: String

    func embedding(of part: EmbeddedPart) -> ImageEmbedding? { memory.embedding(part, of: plane) }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {
        memory.keep(embedding, part, of: plane)
    }
}
