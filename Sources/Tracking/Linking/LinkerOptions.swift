extension Linker {
    /// How detections are linked.
    ///
    /// Scores are in units of a logarithm of likelihood: 1 is little, 10 decides. The defaults were found on simulated movies of discs and
    /// rods; they hold for objects of any size, because lengths are measured in diameters of the objects.
    public struct Options: Hashable, Codable, Sendable {
        /// Whether an object can have two successors.
        public var findsDivisions = true

        /// The most frames in which an object may be missing.
        public var maximumGap = 2

        /// The longest way from one frame to the next in pixels, beside the predicted one; nil for no other limit than that of the
        /// likelihood.
        public var maximumDistance: Double?

        /// What a link is worth before anything speaks for or against it.
        public var baseScore = 4.5

        /// What full overlap with the predicted outline adds.
        public var overlapScore = 5.0

        /// The usual change of an area from frame to frame, as a natural logarithm.
        public var areaSpread = 0.25

        /// The usual change of the long axis from frame to frame, as a natural logarithm.
        public var lengthSpread = 0.35

        /// What a completely different vector of features takes away; 0 ignores features.
        public var featureScore = 6.0

        /// What a division takes away: divisions are rare.
        public var divisionCost = 3.0

        /// The usual difference between the area of a mother and that of both daughters, as a natural logarithm.
        public var divisionAreaSpread = 0.35

        /// The usual difference between the areas of two daughters, as a natural logarithm.
        public var daughterSpread = 0.5

        /// What each frame takes away in which the object is missing.
        public var gapCost = 1.5

        /// The most frames after its birth in which a division of an object is held for unlikely.
        public var refractoryFrames = 2

        /// What such an early division takes away.
        public var earlyDivisionCost = 3.0

        /// The defaults.
        public init() {}
    }
}

extension Linker {
    /// A link is clear if its score is better than that of the best other one by this: it is then twenty times as likely.
    ///
    /// Measured: of the links that are closer, about one in three is wrong, and they are two thirds of all wrong ones
    /// (`docs/tracking-linkers.md`).
    public static let clearMargin = 3.0
}

extension Linker.Options {
    /// Throws if a number cannot be used.
    func validate() throws(LinkingError) {
        let scores = [
            ("base score", baseScore), ("overlap score", overlapScore),
            ("feature score", featureScore),
            ("division cost", divisionCost), ("gap cost", gapCost),
            ("early division cost", earlyDivisionCost),
        ]
        for (name, score) in scores where !score.isFinite {
            throw .invalidOption(name, reason: "\(score) is not a number to reckon with")
        }
        let spreads = [
            ("area spread", areaSpread), ("length spread", lengthSpread),
            ("division area spread", divisionAreaSpread), ("daughter spread", daughterSpread),
        ]
        for (name, spread) in spreads where !(spread > 0 && spread.isFinite) {
            throw .invalidOption(name, reason: "must be above 0, and is \(spread)")
        }
        if maximumGap < 0 {
            throw .invalidOption("maximum gap", reason: "must be 0 or more, and is \(maximumGap)")
        }
        if let maximumDistance, !(maximumDistance > 0 && maximumDistance.isFinite) {
            throw .invalidOption(
                "maximum distance",
                reason: "must be above 0, and is \(maximumDistance)"
            )
        }
    }
}
