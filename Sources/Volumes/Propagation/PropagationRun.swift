import Imaging
import Prompting

/// A propagation on the sessions of its slices: what `VolumeRun` and `TrackRun` share.
///
/// Its owner is an actor, on which everything runs.
final class PropagationRun {
    /// What identifies a mask.
    private struct Place: Hashable {
        let object: UInt32
        let slice: Int
    }

    /// What decides about a prediction.
    struct Asked: Hashable {
        let slice: Int
        let object: PromptedObject
        let options: PromptOptions
    }

    /// Masks that are taken as they are, by what the model would be asked for.
    typealias Known = [Asked: PredictedMask]

    private let slices: SliceSessions
    private let work: Work

    private var propagation: Propagation
    private var isChanged = false
    private var isBusy = false

    private var known: Known
    /// Masks that were predicted in this run and before.
    private var answers: [Asked: PredictedMask] = [:]
    /// Masks that were not told yet.
    private var waiting: [SliceMask] = []
    /// Masks that were told.
    private var told: [Place: SliceMask] = [:]
    /// Masks of the present run.
    private var present: [Place: SliceMask] = [:]

    /// Number of predictions by the model so far.
    private(set) var predictionCount = 0

    init(_ propagation: Propagation, in slices: SliceSessions, _ work: Work, known: Known = [:]) {
        (self.propagation, self.slices, self.work) = (propagation, slices, work)
        self.known = known
    }

    /// Begins anew, with what was predicted before.
    func restart(with propagation: Propagation, known: Known = [:]) {
        (self.propagation, self.known) = (propagation, known)
        isChanged = true
        (waiting, present) = ([], [:])
    }

    /// All masks that were told and belong to the objects, by object and slice.
    var masks: [SliceMask] {
        told.values.sorted { ($0.object, $0.slice) < ($1.object, $1.slice) }
    }

    /// The next mask; nil when all slices are done, until prompts are added.
    func next(isolation: isolated (any Actor)? = #isolation) async throws -> SliceMask? {
        guard !isBusy else { throw VolumeRunError.busy }
        isBusy = true
        defer { isBusy = false }
        while true {
            try Task.checkCancellation()
            try work.checkpoint()
            if let mask = takeWaiting() { return mask }
            guard let request = propagation.next() else {
                takeBack()
                if let mask = takeWaiting() { return mask }
                return nil
            }
            isChanged = false
            let masks: [PredictedMask]
            do {
                masks = try await self.masks(request)
            } catch {
                // Whoever goes on asks again.
                propagation.putBack()
                throw error
            }
            // Prompts may have been added meanwhile; what was predicted is known to the run that begins.
            guard !isChanged else { continue }
            for part in try propagation.take(masks) {
                present[Place(object: part.object, slice: part.slice)] = part
                waiting.append(part)
            }
        }
    }

    /// The next mask that differs from what was told.
    private func takeWaiting() -> SliceMask? {
        while !waiting.isEmpty {
            let mask = waiting.removeFirst()
            let place = Place(object: mask.object, slice: mask.slice)
            let isKnown = told[place] == mask
            told[place] = mask.pixels.isEmpty ? nil : mask
            if !isKnown { return mask }
        }
        return nil
    }

    /// Tells that masks do not belong to their objects any more.
    private func takeBack() {
        let gone = told.filter { present[$0.key] == nil }.values
        for var mask in gone.sorted(by: { ($0.object, $0.slice) < ($1.object, $1.slice) }) {
            mask.pixels = RunLengthMask(unchecked: mask.pixels.size, runs: [])
            waiting.append(mask)
        }
    }

    /// The masks of a request: those that are known, and those that the model predicts.
    private func masks(
        _ request: Propagation.Request,
        isolation: isolated (any Actor)? = #isolation
    ) async throws -> [PredictedMask] {
        let asked = request.objects.map {
            Asked(slice: request.slice, object: $0, options: request.options)
        }
        let missing = asked.indices.filter {
            known[asked[$0]] == nil && answers[asked[$0]] == nil
        }
        if !missing.isEmpty {
            let rest = Propagation.Request(
                slice: request.slice,
                objects: missing.map { request.objects[$0] },
                options: request.options
            )
            let found = try await slices.masks(rest, work.silent)
            predictionCount += found.count
            for (place, mask) in zip(missing, found) { answers[asked[place]] = mask }
        }
        return asked.compactMap { known[$0] ?? answers[$0] }
    }
}
