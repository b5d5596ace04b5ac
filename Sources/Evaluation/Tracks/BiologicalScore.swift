/// How much of whole tracks and cell cycles a result has.
///
/// - Source: Ulman et al., An objective comparison of cell-tracking algorithms (Nature Methods 14, 1141, 2017).
public struct BiologicalScore: Hashable, Codable, Sendable {
    /// Number of true tracks.
    public var truthTracks: Int

    /// Number of predicted tracks.
    public var resultTracks: Int

    /// Number of true tracks that are there from their first to their last frame, and neither before nor after.
    public var completeTracks: Int

    /// Track fractions (TF): the longest part of a true track that one predicted track follows without a break, as a share of its
    /// frames, averaged over the true tracks that are found at all; 0 if none is, nil if there are no true tracks.
    public var trackFractions: Double?

    /// Cell cycle accuracy (CCA): how well the lengths agree of tracks that begin and end with a division, 0...1.
    ///
    /// It is 1 minus the largest difference of the cumulative distributions; nil if there are no such true tracks.
    public var cellCycleAccuracy: Double?

    /// Complete tracks (CT): harmonic mean of the shares of complete tracks among the true and among the predicted ones; nil if
    /// there are none of either.
    public var completeTracksScore: Double? {
        let count = truthTracks + resultTracks
        return count == 0 ? nil : 2 * Double(completeTracks) / Double(count)
    }

    /// Compares the tracks.
    init(_ match: MatchedTracks) {
        let (truth, result) = (match.truth, match.result)
        (truthTracks, resultTracks, completeTracks) = (truth.tracks.count, result.tracks.count, 0)
        var fractions: [Double] = []
        for (track, assigned) in zip(truth.tracks, match.assignments) {
            let longest = Self.longestRun(assigned)
            if longest > 0 { fractions.append(Double(longest) / Double(assigned.count)) }
            if longest == assigned.count, let place = result.places[assigned[0]] {
                let other = result.tracks[place]
                if (other.first, other.last) == (track.first, track.last) { completeTracks += 1 }
            }
        }
        if truthTracks > 0 {
            trackFractions =
                fractions.isEmpty ? 0 : fractions.reduce(0, +) / Double(fractions.count)
        }
        cellCycleAccuracy = Self.agreement(truth.cycleLengths, result.cycleLengths)
    }

    /// The length of the longest run of equal numbers other than 0.
    private static func longestRun(_ numbers: [UInt32]) -> Int {
        var (longest, length, last) = (0, 0, UInt32(0))
        for number in numbers {
            length = number == 0 ? 0 : number == last ? length + 1 : 1
            last = number
            longest = max(longest, length)
        }
        return longest
    }

    /// 1 minus the Kolmogorov–Smirnov distance of two samples; nil without a true value, 0 without a predicted one.
    private static func agreement(_ truth: [Int], _ result: [Int]) -> Double? {
        guard !truth.isEmpty else { return nil }
        guard !result.isEmpty else { return 0 }
        func share(_ values: [Int], upTo limit: Int) -> Double {
            Double(values.count { $0 <= limit }) / Double(values.count)
        }
        let distances = Set(truth + result).map {
            abs(share(truth, upTo: $0) - share(result, upTo: $0))
        }
        return 1 - (distances.max() ?? 0)
    }
}

extension TrackSet {
    /// The lengths in frames of the tracks that begin and end with a division.
    fileprivate var cycleLengths: [Int] {
        tracks.filter { track in
            track.divides && track.parent.map { tracks[$0].divides } == true
        }
        .map { $0.last - $0.first }
    }
}
