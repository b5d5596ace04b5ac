import Imaging
import Synchronization

/// Embeddings in memory, those used last, up to a number of bytes.
///
/// With an embedding stays everything that was prepared from it, so a second prompt in a tile costs neither
/// an encoder pass nor the preparation of its tokens. What is prepared later counts from then on.
///
/// A session holds the embedding of its plane as a whole as long as it is open. That one is counted, and stays
/// even where this exceeds the limit; tiles go. Not counted are the tiles of a first look at a divided plane, three at
/// most, and the stages of automatic segmentation, which belong to the session.
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

        /// Sessions by plane.
        var sessions: [String: Int] = [:]

        var byteCount: Int { entries.values.reduce(0) { $0 + $1.embedding.byteCount } }

        /// Removes what was not used for the longest time.
        mutating func makeRoom(_ limit: Int) {
            while entries.count > 1, byteCount > limit,
                let oldest = entries.filter({ !isHeld($0.key) })
                    .min(by: { $0.value.lastUse < $1.value.lastUse }),
                oldest.value.lastUse < clock
            {
                entries[oldest.key] = nil
            }
        }

        private func isHeld(_ key: Key) -> Bool {
            key.part.tile == nil && sessions[key.plane] != nil
        }
    }

    private let state = Mutex(State())

    /// The bytes that are kept at most; what was used last is kept even if it is larger.
    public let byteLimit: Int

    /// Creates an empty memory, by default of 512 MiB: about a hundred embeddings.
    public init(byteLimit: Int = 512 << 20) { self.byteLimit = byteLimit }

    /// The shelf of one plane.
    ///
    /// - Parameter plane: By what the plane and the model are recognised.
    public func shelf(of plane: String) -> any EmbeddingShelf {
        MemoryShelf(memory: self, plane: plane)
    }

    /// The shelf of a session, which holds the embedding of its plane as a whole as long as it has the shelf.
    func sessionShelf(of plane: String) -> any EmbeddingShelf {
        SessionShelf(memory: self, plane: plane)
    }

    /// Bytes that are kept now.
    public var byteCount: Int { state.withLock { $0.byteCount } }

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
            let key = Key(plane: plane, part: part)
            guard let entry = state.entries[key] else { return nil }
            state.clock += 1
            state.entries[key]?.lastUse = state.clock
            return entry.embedding
        }
    }

    fileprivate func keep(_ embedding: ImageEmbedding, _ part: EmbeddedPart, of plane: String) {
        embedding.preparations.tellGrowth { [weak self] in self?.makeRoom() }
        state.withLock { state in
            state.clock += 1
            let key = Key(plane: plane, part: part)
            state.entries[key] = Entry(embedding: embedding, lastUse: state.clock)
            state.makeRoom(byteLimit)
        }
    }

    fileprivate func holds(_ part: EmbeddedPart, of plane: String) -> Bool {
        state.withLock { $0.entries[Key(plane: plane, part: part)] != nil }
    }

    fileprivate func count(_ sessions: Int, of plane: String) {
        state.withLock { state in
            let count = state.sessions[plane, default: 0] + sessions
            state.sessions[plane] = count > 0 ? count : nil
            state.makeRoom(byteLimit)
        }
    }

    private func makeRoom() { state.withLock { $0.makeRoom(byteLimit) } }
}

/// The embeddings of one plane in an ``EmbeddingMemory``.
private struct MemoryShelf: EmbeddingShelf {
    let memory: EmbeddingMemory
    let plane: String

    func embedding(of part: EmbeddedPart) -> ImageEmbedding? { memory.embedding(part, of: plane) }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {
        memory.keep(embedding, part, of: plane)
    }

    func holds(_ part: EmbeddedPart) -> Bool { memory.holds(part, of: plane) }
}

/// The same for a session.
private final class SessionShelf: EmbeddingShelf {
    private let inner: MemoryShelf

    init(memory: EmbeddingMemory, plane: String) {
        inner = MemoryShelf(memory: memory, plane: plane)
        memory.count(1, of: plane)
    }

    deinit { inner.memory.count(-1, of: inner.plane) }

    func embedding(of part: EmbeddedPart) -> ImageEmbedding? { inner.embedding(of: part) }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {
        inner.keep(embedding, of: part)
    }

    func holds(_ part: EmbeddedPart) -> Bool { inner.holds(part) }
}
