/// How many points are drawn for an object, and whether its box is given too.
public struct FixedPromptOptions: Hashable, Codable, Sendable {
    /// Points inside; the first is the centre of the object.
    public var positives = 1

    /// Points outside.
    public var negatives = 0

    /// Whether the bounding box is a prompt.
    public var usesBox = false

    /// Points outside are at least this far from the object and at most this far from its bounding
    /// box, in pixels, where that is possible.
    public var distance = 5

    /// One point.
    public init() {}

    /// As in the reference, three masks are predicted from a single positive point only.
    public var isAmbiguous: Bool { positives == 1 && negatives == 0 && !usesBox }

    /// As in the reference's folders, for example `points/p2-n4` or `box/p0-n0`.
    public var name: String { "\(usesBox ? "box" : "points")/p\(positives)-n\(negatives)" }

    /// The settings that the reference tries by default: `p1-n0`, `p2-n4`, `p4-n8`, and a box.
    public static let standard: [FixedPromptOptions] = [
        .init(1, 0), .init(2, 4), .init(4, 8), .init(0, 0, usesBox: true),
    ]

    /// All settings of the reference with points, {1, 2, 4, 8, 16} x {0, 1, 2, 4, 8, 16}, and a box.
    public static let all: [FixedPromptOptions] =
        [1, 2, 4, 8, 16].flatMap { positives in
            [0, 1, 2, 4, 8, 16].map { FixedPromptOptions(positives, $0) }
        } + [.init(0, 0, usesBox: true)]

    /// Reads a name such as `points/p2-n4` or `box/p0-n0`; nil for anything else.
    ///
    /// Without a box there must be a point inside.
    public init?(name: String) {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "points" || parts[0] == "box" else { return nil }
        let counts = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        guard counts.count == 2, counts[0].first == "p", counts[1].first == "n",
            let positives = Int(counts[0].dropFirst()), let negatives = Int(counts[1].dropFirst()),
            (0...1000).contains(positives), (0...1000).contains(negatives)
        else { return nil }
        self.init(positives, negatives, usesBox: parts[0] == "box")
        guard usesBox || positives > 0 else { return nil }
    }

    private init(_ positives: Int, _ negatives: Int, usesBox: Bool = false) {
        (self.positives, self.negatives, self.usesBox) = (positives, negatives, usesBox)
    }
}

extension PromptTarget {
    /// Points inside and outside of the object.
    ///
    /// The first positive point is the centre; further ones are drawn uniformly from the object,
    /// with repetitions if it is too small. Negative ones are drawn from the bounding box enlarged
    /// by `distance`, outside of the object dilated by as much; where that holds too few pixels, the
    /// rest are drawn from all pixels outside of the object.
    ///
    /// - Source: `PointAndBoxPromptGenerator` in micro-sam, `prompt_generators.py`.
    public func points(
        _ options: FixedPromptOptions,
        using random: inout SplitMix64
    ) -> [MaskPoint] {
        var points: [MaskPoint] = []
        if options.positives > 0 {
            let others = random.pixels(of: mask, count: options.positives - 1)
            points = ([center] + others).map { MaskPoint(point: $0, isPositive: true) }
        }
        guard options.negatives > 0 else { return points }
        let around = RunLengthMask(region.enlarged(by: options.distance), in: mask.size)
            .subtracting(mask.dilated(by: options.distance))
        var outside = random.pixels(of: around, count: min(options.negatives, around.area))
        let all = RunLengthMask.all(of: mask.size).subtracting(mask)
        outside += random.pixels(of: all, count: options.negatives - outside.count)
        return points + outside.map { MaskPoint(point: $0, isPositive: false) }
    }
}

extension SplitMix64 {
    /// Different pixels of a mask, or repeated ones if it has fewer than `count`.
    fileprivate mutating func pixels(
        of mask: RunLengthMask,
        count: Int
    ) -> [Point<OriginalPixels>] {
        let area = mask.area
        guard count > 0, area > 0 else { return [] }
        guard area >= count else { return (0..<count).map { _ in mask.pixel(index(below: area)) } }
        // Floyd's algorithm: a set of different numbers without a list of all.
        var chosen: [Int] = []
        for last in area - count..<area {
            let candidate = index(below: last + 1)
            chosen.append(chosen.contains(candidate) ? last : candidate)
        }
        return chosen.map { mask.pixel($0) }
    }
}

extension RunLengthMask {
    /// Every pixel within `radius` columns and rows of a pixel of the mask.
    fileprivate func dilated(by radius: Int) -> RunLengthMask {
        guard radius > 0, let box = boundingBox else { return self }
        let area = RunLengthMask(box.enlarged(by: radius), in: size)
        // Rows are extended first, then joined with the rows above and below.
        var rows: [Int: [Range<Int>]] = [:]
        for run in runs {
            var start = run.start
            while start < run.end {
                let row = start / size.width
                let end = min(run.end, (row + 1) * size.width)
                let columns = max(start - row * size.width - radius, 0)
                let last = min(end - row * size.width + radius, size.width)
                for y in max(row - radius, 0)...min(row + radius, size.height - 1) {
                    rows[y, default: []].append(columns..<last)
                }
                start = end
            }
        }
        let runs = rows.keys.sorted().flatMap { y in
            Self.joined(rows[y] ?? []).map {
                Run(start: y * size.width + $0.lowerBound, end: y * size.width + $0.upperBound)
            }
        }
        return RunLengthMask(unchecked: size, runs: runs).intersection(area)
    }

    private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, last.upperBound >= range.lowerBound {
                let end = max(last.upperBound, range.upperBound)
                result[result.count - 1] = last.lowerBound..<end
            } else {
                result.append(range)
            }
        }
        return result
    }
}
