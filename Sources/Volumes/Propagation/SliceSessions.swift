public import Imaging
public import Prompting
import Synchronization

/// The sessions on the slices of a volume, each opened when it is needed.
///
/// Those used last stay open, so that memory does not grow with the number of slices. A session that is let go does not
/// close its slice: what the model keeps of it beyond the session stays there.
public final class SliceSessions: Sendable {
    /// Number of slices.
    public let count: Int

    /// Width and height of every slice.
    public let size: Size

    private let open: @Sendable (Int) async throws -> any InteractiveSession
    private let limit: Int
    private let sessions = Mutex<[(slice: Int, session: any InteractiveSession)]>([])

    /// Describes the slices; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - count: Number of slices.
    ///   - size: Width and height of every slice.
    ///   - limit: Number of sessions that stay open.
    ///   - open: Begins the work on a slice.
    public init(
        count: Int,
        size: Size,
        limit: Int = 16,
        open: @escaping @Sendable (Int) async throws -> any InteractiveSession
    ) {
        (self.count, self.size, self.limit, self.open) = (count, size, max(limit, 1), open)
    }

    /// The slices of a volume in memory or in a file.
    ///
    /// - Parameters:
    ///   - planes: The slices, at least one, all of the size of the first.
    ///   - id: By what the volume is recognised.
    public convenience init(
        _ segmenter: any InteractiveSegmenter,
        on planes: [any PixelSource],
        id: String
    ) {
        precondition(!planes.isEmpty, "a volume without slices")
        self.init(count: planes.count, size: planes[0].size) { slice in
            segmenter.session(on: planes[slice], id: "\(id)#z\(slice)")
        }
    }

    /// The session on a slice.
    ///
    /// - Throws: What opening throws.
    public func session(on slice: Int) async throws -> any InteractiveSession {
        let known = sessions.withLock { sessions -> (any InteractiveSession)? in
            guard let place = sessions.firstIndex(where: { $0.slice == slice }) else { return nil }
            let entry = sessions.remove(at: place)
            sessions.append(entry)
            return entry.session
        }
        if let known { return known }
        let session = try await open(slice)
        sessions.withLock { sessions in
            sessions.append((slice, session))
            if sessions.count > limit { sessions.removeFirst() }
        }
        return session
    }

    /// Predicts what a propagation asks for.
    ///
    /// - Returns: One mask for each object, in their order.
    /// - Throws: What the session throws, such as an error that names the object whose prompts cannot be used;
    ///   `CancellationError`.
    func masks(_ request: Propagation.Request, _ work: Work) async throws -> [PredictedMask] {
        try await session(on: request.slice).follow(request.objects, request.options, work)
    }
}
