import Imaging

/// Scores what may become of the objects of earlier frames in the present one.
struct HypothesisScoring {
    let options: Linker.Options
    let frame: Int
    let image: LabelImage
    let index: LabelIndex
    let targets: [LinkTarget]
    let grid: NeighborGrid

    /// The usual distance from the predicted place, in pixels.
    let motionScale: Double

    /// The most that a changed area says against a continuation: an error of the segmentation can change it by any factor.
    private static let areaLimit = 3.5

    /// The most that becoming larger says against a division.
    private static let mergeLimit = 6.0

    /// A target that may follow a source.
    private struct Candidate {
        let target: Int
        let overlap: Int
    }

    /// All hypotheses of a source that is expected to have moved by `way`.
    func hypotheses(of source: LinkSource, movedBy way: Displacement) -> LinkHypotheses {
        let place = source.measurement.centroid + way
        let steps = Double(frame - source.frame)
        let variance = variance(of: source, steps: steps)
        let gate = min(3 * variance.squareRoot(), limit(steps))
        let candidates = candidates(
            of: source,
            movedBy: way,
            within: gate + (options.findsDivisions ? 0.75 * source.measurement.majorAxisLength : 0)
        )
        let missing = options.gapCost * (steps - 1)
        var result = LinkHypotheses()
        for candidate in candidates
        where candidate.overlap > 0 || distance(candidate, place) <= gate {
            let score = continuation(source, candidate, place, variance) - missing
            if score > 0 {
                result.continuations.append(.init(target: candidate.target, score: score))
            }
        }
        guard options.findsDivisions else { return result }
        for (position, first) in candidates.enumerated() {
            for second in candidates[(position + 1)...] {
                guard let score = division(source, first, second, place, variance), score > missing
                else { continue }
                result.divisions.append(
                    .init(first: first.target, second: second.target, score: score - missing)
                )
            }
        }
        return result
    }

    /// The variance of the place of a source, in square pixels, after some frames.
    private func variance(of source: LinkSource, steps: Double) -> Double {
        let own = 0.2 * source.diameter
        return (own * own + 2.25 * motionScale * motionScale) * steps
    }

    private func limit(_ steps: Double) -> Double { (options.maximumDistance ?? .infinity) * steps }

    private func distance(_ candidate: Candidate, _ place: Point<OriginalPixels>) -> Double {
        (targets[candidate.target].measurement.centroid - place).length
    }

    /// The targets under the moved object, and the nearest others.
    private func candidates(
        of source: LinkSource,
        movedBy way: Displacement,
        within gate: Double
    ) -> [Candidate] {
        let place = source.measurement.centroid + way
        let farthest = limit(Double(frame - source.frame)) + source.measurement.majorAxisLength
        var result = source.runs.overlaps(
            with: image,
            index,
            movedBy: Int(way.dx.rounded()),
            Int(way.dy.rounded())
        ).map { Candidate(target: $0.object, overlap: $0.pixels) }
            .filter { distance($0, place) <= farthest }
        let known = Set(result.map(\.target))
        for near in grid.nearest(to: place, within: gate, count: 8)
        where !known.contains(near.index) {
            result.append(Candidate(target: near.index, overlap: 0))
        }
        return result
    }

    // MARK: - Scores

    private func continuation(
        _ source: LinkSource,
        _ candidate: Candidate,
        _ place: Point<OriginalPixels>,
        _ variance: Double
    ) -> Double {
        let (before, after) = (source.measurement, targets[candidate.target].measurement)
        let away = distance(candidate, place)
        let union = before.area + after.area - candidate.overlap
        let noise = 1 / source.diameter
        return options.baseScore
            + options.overlapScore * Double(candidate.overlap) / Double(union)
            - away * away / (2 * variance)
            - areaPenalty(source, after.area)
            - penalty(
                Elementary.log(max(after.majorAxisLength, 1) / max(before.majorAxisLength, 1)),
                options.lengthSpread,
                noise,
                limit: 3
            )
            - difference(source.features, targets[candidate.target].features)
    }

    /// What the area says against a continuation.
    ///
    /// An object that had that area a frame earlier was only segmented badly in between.
    private func areaPenalty(_ source: LinkSource, _ area: Int) -> Double {
        let noise = 1 / source.diameter
        let now = penalty(
            ratio(source.measurement.area, area),
            options.areaSpread,
            noise,
            limit: Self.areaLimit
        )
        guard let previous = source.previousArea else { return now }
        let before = penalty(
            ratio(previous, area),
            options.areaSpread,
            noise,
            limit: Self.areaLimit
        )
        return min(now, before + 0.5)
    }

    /// What speaks against a division of an object that has just become much larger: the segmentation may have merged two.
    private func mergePenalty(_ source: LinkSource) -> Double {
        guard let previous = source.previousArea, previous < source.measurement.area else {
            return 0
        }
        return penalty(
            ratio(previous, source.measurement.area),
            options.areaSpread,
            1 / source.diameter,
            limit: Self.mergeLimit
        )
    }

    /// Nil if the sizes cannot be those of a mother and her daughters.
    private func division(
        _ source: LinkSource,
        _ first: Candidate,
        _ second: Candidate,
        _ place: Point<OriginalPixels>,
        _ variance: Double
    ) -> Double? {
        let mother = source.measurement
        let (a, b) = (targets[first.target].measurement, targets[second.target].measurement)
        let sum = a.area + b.area
        guard sum > mother.area / 3, sum < 3 * mother.area, a.area < 4 * b.area, b.area < 4 * a.area
        else { return nil }
        let share = Double(b.area) / Double(sum)
        let middle = a.centroid + (b.centroid - a.centroid) * share
        let away = (middle - place).length
        let overlap = first.overlap + second.overlap
        let noise = 1 / source.diameter
        // Daughters lie side by side; what lies between them speaks against them.
        let between =
            (b.centroid - a.centroid).length - 0.6 * (a.majorAxisLength + b.majorAxisLength)
        let excess = max(between, 0) / (0.3 * source.diameter + motionScale)
        let isEarly = source.age.map { $0 < options.refractoryFrames } ?? false
        return 2 * options.baseScore - options.divisionCost
            - (isEarly ? options.earlyDivisionCost : 0) - mergePenalty(source)
            + options.overlapScore * Double(overlap) / Double(mother.area + sum - overlap)
            - away * away / (2 * (variance + 0.01 * source.diameter * source.diameter))
            - penalty(ratio(mother.area, sum), options.divisionAreaSpread, noise, limit: 8)
            - penalty(ratio(a.area, b.area), options.daughterSpread, noise, limit: 8)
            - excess * excess / 2
            - (difference(source.features, targets[first.target].features)
                + difference(source.features, targets[second.target].features)) / 4
    }

    private func ratio(_ before: Int, _ after: Int) -> Double {
        Elementary.log(Double(after) / Double(before))
    }

    /// Half the square of a change in units of its spread; small objects have coarse sizes.
    private func penalty(_ change: Double, _ spread: Double, _ noise: Double, limit: Double)
        -> Double
    {
        min(change * change / (2 * (spread * spread + noise * noise)), limit)
    }

    private func difference(_ a: [Float], _ b: [Float]) -> Double {
        guard !a.isEmpty, a.count == b.count, options.featureScore > 0 else { return 0 }
        var (product, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(a, b) {
            product += Double(x) * Double(y)
            first += Double(x) * Double(x)
            second += Double(y) * Double(y)
        }
        guard first > 0, second > 0 else { return 0 }
        return options.featureScore * (1 - product / (first * second).squareRoot())
    }
}
