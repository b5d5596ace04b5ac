import Annotations
import Foundation
import Imaging
import Prompting

/// The sessions of the model on images, and what is computed for them ahead.
actor SessionKeeper {
    /// A plane of an image of the project.
    struct Place: Hashable, Sendable {
        let image: Int64
        var t = 0
        var z = 0

        /// The planes beside it to which somebody may turn next: the slices, or else the time points.
        func neighbors(in shape: ImageShape) -> [Place] {
            if shape.z > 1 {
                return [z + 1, z - 1].filter((0..<shape.z).contains).map {
                    Place(image: image, t: t, z: $0)
                }
            }
            return [t + 1, t - 1].filter((0..<shape.t).contains).map {
                Place(image: image, t: $0, z: z)
            }
        }
    }

    private struct Entry {
        let session: any InteractiveSession
        var used: UInt64
        var preparation: Task<Void, Never>?
    }

    private let models: ModelKeeper
    private let planes: @Sendable (Place) async throws -> (plane: any PixelSource, id: String)
    private let hub: EventHub
    private var entries: [Place: Entry] = [:]
    private var previews: [String: Work] = [:]
    private var clock: UInt64 = 0
    /// Goes through the planes that were asked for last.
    private var preparing: Task<Void, Never>?

    /// Sessions that are kept; each may hold the maps of automatic segmentation.
    private static let capacity = 8

    init(
        _ models: ModelKeeper,
        _ hub: EventHub,
        planes: @escaping @Sendable (Place) async throws -> (plane: any PixelSource, id: String)
    ) {
        self.models = models
        self.hub = hub
        self.planes = planes
    }

    /// The session on a plane, begun if there is none.
    func session(_ place: Place) async throws -> any InteractiveSession {
        clock += 1
        if let known = entries[place] {
            entries[place]?.used = clock
            return known.session
        }
        let model = try await models.segmenter()
        let (plane, id) = try await planes(place)
        // Another request may have begun it meanwhile.
        if let known = entries[place] { return known.session }
        let session = model.session(on: plane, id: id)
        entries[place] = Entry(session: session, used: clock)
        makeRoom()
        return session
    }

    /// How far the work on a plane is.
    func state(_ place: Place) -> SessionState { entries[place]?.session.state ?? .new }

    /// Embeds a plane, and then those that may be asked for next; others are not embedded any more.
    func prepare(_ place: Place, then following: [Place]) {
        let wanted = [place] + following
        for (other, entry) in entries where !wanted.contains(other) {
            entry.preparation?.cancel()
            entries[other]?.preparation = nil
        }
        preparing?.cancel()
        preparing = Task {
            for place in wanted {
                // Whoever asked since has other wishes.
                guard !Task.isCancelled else { return }
                await self.prepare(place)?.value
            }
        }
    }

    private func prepare(_ place: Place) async -> Task<Void, Never>? {
        do {
            let session = try await session(place)
            guard !Task.isCancelled else { return nil }
            if let known = entries[place]?.preparation { return known }
            let task = Task { await self.run(session, place) }
            entries[place]?.preparation = task
            return task
        } catch {
            tell(place, .failed(ServerError(error).description))
            return nil
        }
    }

    private func run(_ session: any InteractiveSession, _ place: Place) async {
        if session.state == .ready { return tell(place, .ready) }
        tell(place, .preparing)
        let pace = EventPace()
        let work = Work { [hub] event in
            if let news = WorkNews(event, image: place.image), pace.allows(news.isLast) {
                hub.tell(.progress, news)
            }
        }
        do {
            try await session.prepare(work)
        } catch is CancellationError {
            entries[place]?.preparation = nil
        } catch {
            entries[place]?.preparation = nil
        }
        tell(place, session.state)
    }

    /// Masks for a place under the pointer; a newer request of the same client takes the place of an older one.
    func preview(
        _ place: Place,
        at point: Point<OriginalPixels>,
        client: String
    ) async throws -> (state: SessionState, masks: [PredictedMask]) {
        guard let session = entries[place]?.session, session.state == .ready else {
            return (state(place), [])
        }
        let work = Work()
        previews.updateValue(work, forKey: client)?.cancel()
        defer { if previews[client] === work { previews[client] = nil } }
        let masks = try await session.preview(at: point, work)
        return (session.state, masks ?? [])
    }

    /// Ends all sessions, because the model is another or the server ends.
    func closeAll() {
        preparing?.cancel()
        for (_, entry) in entries {
            entry.preparation?.cancel()
            entry.session.close()
        }
        entries = [:]
        previews.values.forEach { $0.cancel() }
        previews = [:]
    }

    private func makeRoom() {
        while entries.count > Self.capacity,
            let oldest = entries.min(by: { $0.value.used < $1.value.used })?.key
        {
            entries[oldest]?.preparation?.cancel()
            entries.removeValue(forKey: oldest)?.session.close()
        }
    }

    private func tell(_ place: Place, _ state: SessionState) {
        hub.tell(.state, SessionNews(place, state))
    }
}

/// What pages are told of a session.
struct SessionNews: Encodable, Sendable {
    let image: Int64
    let t: Int
    let z: Int
    let state: String
    let message: String?

    init(_ place: SessionKeeper.Place, _ state: SessionState) {
        (image, t, z) = (place.image, place.t, place.z)
        (self.state, message) = state.words
    }
}

extension SessionState {
    /// The word of the contract, and why it failed.
    var words: (state: String, message: String?) {
        switch self {
        case .new: ("new", nil)
        case .preparing: ("preparing", nil)
        case .ready: ("ready", nil)
        case .failed(let reason): ("failed", reason)
        case .closed: ("closed", nil)
        }
    }
}
