import Foundation
import Segmentation
import Synchronization

/// The embeddings of those parts of an image that are asked for first, up to a number of bytes.
///
/// A search goes through all tiles of a large image again and again, always in the same order. Keeping those used
/// last would then keep none that comes next; this way as many as there is room for are computed once.
final class FirstParts: EmbeddingShelf {
    private struct Kept {
        var parts: [EmbeddedPart: ImageEmbedding] = [:]
        var bytes = 0
    }

    private let kept = Mutex(Kept())
    private let byteLimit: Int

    /// - Parameter byteLimit: By default an eighth of the memory of the machine; a tile takes 4 MiB.
    init(byteLimit: Int = Int(clamping: ProcessInfo.processInfo.physicalMemory / 8)) {
        self.byteLimit = byteLimit
    }

    func embedding(of part: EmbeddedPart) -> ImageEmbedding? { kept.withLock { $0.parts[part] } }

    func keep(_ embedding: ImageEmbedding, of part: EmbeddedPart) {
        // Without what is prepared from it, which is several times as large.
        let alone = ImageEmbedding(features: embedding.features, transform: embedding.transform)
        let bytes = alone.byteCount
        kept.withLock { kept in
            guard kept.bytes + bytes <= byteLimit, kept.parts[part] == nil else { return }
            kept.parts[part] = alone
            kept.bytes += bytes
        }
    }

    func holds(_ part: EmbeddedPart) -> Bool { kept.withLock { $0.parts[part] != nil } }
}
