import Annotations
import Foundation
import Prompting
import Volumes

/// Objects on their way through a stack: this computes beside the work of the server, and tells every mask that comes.
///
/// | State | prompts are replaced | all slices are done | an error | `cancel` |
/// |---|---|---|---|---|
/// | running | goes on with them | *done* | *failed* | ends |
/// | done, failed | *running* | | | ends |
actor VolumeFollower {
    nonisolated let image: Int64
    nonisolated let id: UUID
    nonisolated let t: Int

    private let run: VolumeRun
    private let work: Work
    private let hub: EventHub
    private var parts: [VolumePart.Place: VolumePart] = [:]
    private var progress = VolumeState.Progress.running
    private var message: String?
    private var revision = 0
    private var following: Task<Void, Never>?

    /// - Parameters:
    ///   - run: What computes; asked by nobody else.
    ///   - work: That of the run.
    init(_ run: VolumeRun, _ work: Work, image: Int64, t: Int, id: UUID, _ hub: EventHub) {
        (self.run, self.work, self.hub) = (run, work, hub)
        (self.image, self.t, self.id) = (image, t, id)
    }

    /// How far it is.
    ///
    /// - Parameter withParts: Whether all masks are wanted.
    func state(withParts: Bool) -> VolumeState {
        var state = state
        if withParts { state.parts = parts.values.sorted { $0.place < $1.place } }
        return state
    }

    private var state: VolumeState {
        VolumeState(
            image: image,
            run: id,
            t: t,
            revision: revision,
            state: progress,
            message: message
        )
    }

    /// Begins.
    func begin(revision: Int) {
        self.revision = revision
        goOn()
    }

    /// Replaces all prompts, and goes on; older requests change nothing.
    ///
    /// - Throws: `VolumePromptError`; then nothing changes.
    func change(_ objects: [VolumeObject], revision: Int) async throws {
        guard revision > self.revision else { return }
        try await run.replace(objects)
        let numbers = Set(objects.map(\.id))
        parts = parts.filter { numbers.contains($0.key.object) }
        self.revision = max(revision, self.revision)
        goOn()
    }

    /// Ends the work, and waits until it has ended.
    ///
    /// - Parameter reason: What pages are told; nil for nothing.
    func cancel(_ reason: String? = nil) async {
        work.cancel()
        following?.cancel()
        await following?.value
        if let reason { finish(.failed, reason) }
    }

    private func goOn() {
        (progress, message) = (.running, nil)
        hub.tell(.volume, state)
        if following == nil { following = Task { await self.follow() } }
    }

    private func follow() async {
        defer { following = nil }
        do {
            var before: Int
            repeat {
                before = revision
                while let part = try await run.next() { take(part) }
                // Prompts may have been added after the last mask.
            } while revision != before
            finish(.done)
        } catch is CancellationError {
            return
        } catch {
            finish(.failed, ServerError(error).description)
        }
    }

    private func take(_ mask: SliceMask) {
        let part = VolumePart(mask)
        parts[part.place] = part.mask == nil ? nil : part
        var news = state
        news.part = part
        hub.tell(.volume, news)
    }

    private func finish(_ progress: VolumeState.Progress, _ message: String? = nil) {
        (self.progress, self.message) = (progress, message)
        hub.tell(.volume, state)
    }
}

/// The runs that are followed; of too many the oldest one is ended.
actor VolumeFollowers {
    private var all: [VolumeFollower] = []

    private static let capacity = 4

    /// The one of a name; nil if there is none on the image.
    func find(_ id: UUID, of image: Int64) -> VolumeFollower? {
        all.first { $0.id == id && $0.image == image }
    }

    /// Keeps one.
    func keep(_ follower: VolumeFollower) async {
        all.append(follower)
        guard all.count > Self.capacity else { return }
        let oldest = all.removeFirst()
        await oldest.cancel("it was ended because others began after it; apply the prompts again")
    }

    /// Ends one and forgets it.
    func forget(_ id: UUID, of image: Int64) async {
        guard let place = all.firstIndex(where: { $0.id == id && $0.image == image }) else {
            return
        }
        await all.remove(at: place).cancel()
    }

    /// Ends all.
    ///
    /// - Parameter reason: What pages are told; nil for nothing.
    func cancelAll(_ reason: String? = nil) async {
        let ended = all
        all = []
        for follower in ended { await follower.cancel(reason) }
    }
}
