import Tracking

/// True and predicted tracks with the matches of their objects: what all measures are made from.
struct MatchedTracks {
    let truth: TrackSet
    let result: TrackSet
    let frames: [FrameMatch]

    /// In each frame, the true objects whose match is that of no other, by their match.
    let unique: [[UInt32: UInt32]]

    init(truth: [TrackRecord], result: [TrackRecord], frames: [FrameMatch]) {
        self.truth = TrackSet(truth, seenIn: frames.map(\.truth))
        self.result = TrackSet(result, seenIn: frames.map(\.result))
        self.frames = frames
        unique = frames.map(\.unique)
    }

    /// For each true track, the predicted objects that match it alone, in the order of its frames; 0 where there is none.
    var assignments: [[UInt32]] {
        var assignments = truth.tracks.map { _ in [UInt32]() }
        for (frame, unique) in zip(frames, unique) {
            let matches = Dictionary(
                unique.map { ($1, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            for label in frame.truth {
                guard let place = truth.places[label] else { continue }
                assignments[place].append(matches[label] ?? 0)
            }
        }
        return assignments
    }
}
