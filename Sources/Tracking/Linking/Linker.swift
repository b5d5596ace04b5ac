public import Imaging

/// Links the objects of a movie from frame to frame by overlap, distance, shape and motion, without a network.
///
/// Frames are given one by one. What is kept belongs to the last frames only, so memory does not grow with the movie.
///
/// ```swift
/// var linker = try Linker()
/// for labels in movie {
///     let frame = try linker.add(labels)
///     detections += frame.detections
///     links += frame.links
/// }
/// links += linker.finish()
/// ```
///
/// Every object of a frame gets a score for each way in which an object of an earlier frame can become it: by going on, by going on after
/// some frames in which it was missing, or as one of two daughters. The choice with the highest sum of scores is taken. Places are predicted
/// from the motion of the track and of its neighbours, so that drift and growth of a colony do not count as motion of its objects.
///
/// An object without links is a track of one frame. Labels of different frames need not have anything to do with each other.
public struct Linker: Sendable {
    /// How detections are linked.
    public let options: Options

    /// How many frames have been added.
    public private(set) var frameCount = 0

    /// How many objects they had.
    public private(set) var detectionCount = 0

    private var size: Size?
    private var featureCount: Int?
    private var sources: [LinkSource] = []
    private var motion = MotionModel()
    private var recent = RecentDivisions()

    /// A linker that has seen no frame.
    ///
    /// - Throws: ``LinkingError/invalidOption(_:reason:)``.
    public init(_ options: Options = Options()) throws(LinkingError) {
        try options.validate()
        self.options = options
    }

    /// Links all frames of a movie that is in memory.
    public static func link(
        _ movie: [LabelImage],
        _ options: Options = Options()
    ) throws(LinkingError) -> (detections: [Detection], links: [Link]) {
        var linker = try Linker(options)
        var detections: [Detection] = []
        var links: [Link] = []
        for labels in movie {
            let frame = try linker.add(labels)
            detections += frame.detections
            links += frame.links
        }
        return (detections, links + linker.finish())
    }

    /// Adds the next frame.
    ///
    /// - Parameters:
    ///   - labels: The objects, as large as the frames before.
    ///   - measurements: What ``Imaging/LabelImage/measurements(of:)`` found in `labels`; nil to measure here.
    ///   - features: For labels of objects, vectors of one length that are similar where objects look alike, such as the mean
    ///     embedding of a network; an object without one is linked without it.
    /// - Returns: The objects of the frame, and the links that are final now.
    /// - Throws: ``LinkingError``; then the linker is as it was before.
    public mutating func add(
        _ labels: LabelImage,
        measurements: [ObjectMeasurement]? = nil,
        features: [UInt32: [Float]] = [:]
    ) throws(LinkingError) -> LinkedFrame {
        let index = LabelIndex(labels)
        let objects = try check(labels, index, measurements, features)
        size = labels.size
        let targets = objects.map {
            LinkTarget(measurement: $0, features: features[$0.label] ?? [])
        }
        featureCount = featureCount ?? features.first?.value.count
        let (frame, first) = (frameCount, detectionCount)
        frameCount += 1
        detectionCount += objects.count
        let (choices, candidates) = match(targets, in: labels, index, frame: frame)
        let edges = candidates.map {
            CandidateEdge(
                Link(from: sources[$0.source].node, to: first + $0.target),
                weight: $0.score
            )
        }
        let (links, restored) = settle(choices, targets, in: labels, index, first: first)
        let runs = ObjectRuns.all(in: labels, index)
        follow(choices, targets, runs, frame: frame, first: first, restored: restored)
        return LinkedFrame(
            first: first,
            detections: objects.map { Detection(frame: frame, measurement: $0) },
            links: links,
            candidates: edges
        )
    }

    /// Ends the movie.
    ///
    /// - Returns: The links that were not final before.
    public mutating func finish() -> [Link] {
        sources = []
        return recent.finish()
    }

    private func check(
        _ labels: LabelImage,
        _ index: LabelIndex,
        _ measurements: [ObjectMeasurement]?,
        _ features: [UInt32: [Float]]
    ) throws(LinkingError) -> [ObjectMeasurement] {
        if let size, size != labels.size {
            throw .sizeMismatch(frame: frameCount, expected: size, found: labels.size)
        }
        let expected = featureCount ?? features.min { $0.key < $1.key }?.value.count ?? 0
        for (label, vector) in features.sorted(by: { $0.key < $1.key })
        where vector.count != expected {
            throw .unevenFeatures(
                frame: frameCount,
                label: label,
                expected: expected,
                found: vector.count
            )
        }
        // Without an image, measuring cannot fail.
        guard let objects = measurements ?? (try? labels.measurements()),
            objects.map(\.label) == index.labels
        else { throw .wrongMeasurements(frame: frameCount) }
        return objects
    }

    // MARK: - One frame

    /// A link that was looked at, by positions among sources and targets.
    private typealias Candidate = (source: Int, target: Int, score: Double)

    /// Chooses what becomes of each source; also tells of each target the chosen link and the best other one.
    private mutating func match(
        _ targets: [LinkTarget],
        in labels: LabelImage,
        _ index: LabelIndex,
        frame: Int
    ) -> (choices: [LinkChoice], candidates: [Candidate]) {
        guard !sources.isEmpty, !targets.isEmpty else { return (sources.map { _ in .end }, []) }
        let centroids = targets.map(\.measurement.centroid)
        let scale = motion.scale ?? firstScale(centroids)
        let scoring = HypothesisScoring(
            options: options,
            frame: frame,
            image: labels,
            index: index,
            targets: targets,
            grid: NeighborGrid(centroids, reach: max(2 * scale, median(sources.map(\.diameter)))),
            motionScale: scale
        )
        var ways = sources.map { motion.prediction(of: $0, to: frame) }
        var matching = match(scoring, ways, targets.count)
        let common = CommonShift(sources, targets, ways: ways, frame: frame)
        if common.isNoticeable {
            let shifted = ways.map { $0 + common.shift }
            let second = match(scoring, shifted, targets.count)
            if second.score > matching.score { (matching, ways) = (second, shifted) }
        }
        let flow = LocalFlow(sources, matching.choices, targets, ways: ways, frame: frame)
        let moved = zip(ways, flow.corrections).map { $0 + $1 }
        if flow.isNoticeable {
            let second = match(scoring, moved, targets.count)
            if second.score > matching.score { (matching, ways) = (second, moved) }
        }
        learn(matching.choices, targets, ways, frame: frame)
        return (matching.choices, matching.candidates)
    }

    private func match(
        _ scoring: HypothesisScoring,
        _ ways: [Displacement],
        _ targetCount: Int
    ) -> FrameMatching {
        FrameMatching(
            zip(sources, ways).map { scoring.hypotheses(of: $0, movedBy: $1) },
            targetCount: targetCount
        )
    }

    /// How far objects may move before any have been linked: half a diameter, or more where they lie far apart.
    private func firstScale(_ centroids: [Point<OriginalPixels>]) -> Double {
        let diameter = median(sources.map(\.diameter))
        let reach = 20 * diameter
        let grid = NeighborGrid(centroids, reach: reach)
        let spacings = centroids.map {
            grid.nearest(to: $0, within: reach, count: 2).last?.distance ?? 0
        }
        .map { $0 > 0 ? $0 : reach }
        return max(0.4 * diameter, 0.1 * median(spacings), (options.maximumDistance ?? 0) / 5)
    }

    private mutating func learn(
        _ choices: [LinkChoice],
        _ targets: [LinkTarget],
        _ ways: [Displacement],
        frame: Int
    ) {
        var residuals: [Double] = []
        var moves: [(velocity: Displacement, way: Displacement)] = []
        for (position, source) in sources.enumerated() where source.frame == frame - 1 {
            guard case .continuation(let target) = choices[position] else { continue }
            let way = targets[target].measurement.centroid - source.measurement.centroid
            residuals.append((way - ways[position]).length)
            if let velocity = source.velocity { moves.append((velocity, way)) }
        }
        motion.learn(residuals: residuals, moves: moves)
    }

    /// The links that are final after a frame, ordered by target, and the objects that are whole again after they were cut in two.
    private mutating func settle(
        _ choices: [LinkChoice],
        _ targets: [LinkTarget],
        in labels: LabelImage,
        _ index: LabelIndex,
        first: Int
    ) -> (links: [Link], restored: Set<Int>) {
        let frame = frameCount - 1
        var links: [Link] = []
        var places: [Int: Int] = [:]
        var successors: [Int: Int] = [:]
        for (position, source) in sources.enumerated() {
            places[source.node] = position
            guard case .continuation(let target) = choices[position] else { continue }
            links.append(Link(from: source.node, to: first + target))
            successors[source.node] = first + target
        }
        let (divisions, restored) = recent.update(frame: frame, successors: successors) {
            [sources] going, ended in
            guard let part = places[going], let other = places[ended],
                case .continuation(let target) = choices[part], choices[other] == .end
            else { return false }
            let (area, both) = (sources[part].measurement.area, sources[other].measurement.area)
            let found = targets[target].measurement.area
            // Nearer to the area of both than to that of one, and where the other one was.
            guard found * found > area * (area + both) else { return false }
            let covered =
                sources[other].runs.overlaps(
                    with: labels,
                    index,
                    movedBy: 0,
                    0
                ).first { $0.object == target }?.pixels ?? 0
            return 2 * covered > both
        }
        for (source, choice) in zip(sources, choices) {
            guard case .division(let one, let other) = choice else { continue }
            recent.add(mother: source.node, daughters: [first + one, first + other], frame: frame)
        }
        links += divisions
        return (links.sorted { ($0.target, $0.source) < ($1.target, $1.source) }, Set(restored))
    }

    /// Replaces the sources by the objects of the present frame, and those that are missing but may return.
    private mutating func follow(
        _ choices: [LinkChoice],
        _ targets: [LinkTarget],
        _ runs: [ObjectRuns],
        frame: Int,
        first: Int,
        restored: Set<Int>
    ) {
        var next = targets.indices.map { target in
            LinkSource(
                node: first + target,
                frame: frame,
                measurement: targets[target].measurement,
                runs: runs[target],
                features: targets[target].features
            )
        }
        for (source, choice) in zip(sources, choices) {
            switch choice {
            case .end: break
            case .continuation(let target):
                let steps = frame - source.frame
                let way =
                    (next[target].measurement.centroid - source.measurement.centroid)
                    * (1 / Double(steps))
                next[target].velocity = source.velocity.map { $0 * 0.5 + way * 0.5 } ?? way
                let isRestored = restored.contains(first + target)
                next[target].age = isRestored ? nil : source.age.map { $0 + steps }
                next[target].previousArea = isRestored ? nil : source.measurement.area
            case .division(let one, let other):
                next[one].age = 0
                next[other].age = 0
            }
        }
        let missing = zip(sources, choices).filter { source, choice in
            choice == .end && frame - source.frame <= options.maximumGap
        }
        sources = missing.map(\.0) + next
    }
}
