/// Why stored embeddings cannot be used.
public enum EmbeddingStoreError: Error, Hashable, Sendable {
    /// The store was made from something else.
    case otherSignature(path: String, what: String, expected: String, found: String)

    /// The store was begun but not finished.
    case incomplete(path: String)

    /// The store was begun by another program, so nobody knows what it was to become.
    case unknownBeginning(path: String)

    /// The store was begun with other settings.
    case otherBeginning(path: String)

    /// The store contradicts itself.
    case damaged(path: String, String)

    /// The file of a chunk is missing, without which the embedding would read as zeros.
    case chunkMissing(path: String, chunk: String)

    /// A plane was asked for that the store does not have, or none of a stack.
    case noSuchPlane(path: String, plane: Int?, depth: Int?)
}

extension EmbeddingStoreError: CustomStringConvertible {
    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .otherSignature(let path, let what, let expected, let found):
            "\(path): these embeddings belong to another \(what): expected \(expected), found "
                + "\(found); remove the folder, or name another one"
        case .incomplete(let path):
            "\(path): the embeddings are incomplete; compute them again with the same settings "
                + "to continue"
        case .unknownBeginning(let path):
            "\(path): the embeddings are incomplete, and their image and model are unknown; "
                + "remove the folder, or name another one"
        case .otherBeginning(let path):
            "\(path): these embeddings were started for another image, model, tiling or format; "
                + "remove the folder, or name another one"
        case .damaged(let path, let what):
            "\(path): not usable as embeddings: \(what); compute them again"
        case .chunkMissing(_, let chunk):
            "\(chunk): this chunk of the embeddings is missing; copy the store again if it is a copy, or remove it and "
                + "compute the embeddings again"
        case .noSuchPlane(let path, let plane, let depth):
            Self.planeMessage(path, plane, depth)
        }
    }

    private static func planeMessage(_ path: String, _ plane: Int?, _ depth: Int?) -> String {
        switch (plane, depth) {
        case (let plane?, let depth?):
            "\(path): there is no plane \(plane); there are \(depth), counted from 0"
        case (nil, let depth?):
            "\(path): these are the embeddings of a stack of \(depth) planes; choose a plane"
        case (let plane?, nil):
            "\(path): plane \(plane) was asked for, but these are the embeddings of one image"
        case (nil, nil):
            "\(path): no plane"
        }
    }
}
