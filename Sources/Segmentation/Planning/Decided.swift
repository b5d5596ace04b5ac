import Imaging
import Prompting

/// What was decided about a plane, to be told before it is paid for.
struct Decided {
    let division: Division
    let isLazy: Bool

    /// The tiles that are looked at; nil for all.
    var tiles: Int?

    /// Looks that the decision took, apart from those at tiles of the division.
    var looks = 0

    /// Tiles of the division that were looked at for the decision.
    var knownTiles = 0

    /// How long one of them took; nil where that is not known.
    var secondsPerLook: Double?

    /// Whether tiles that suit the objects better would cost too much.
    var isBounded = false

    init(_ division: Division, isLazy: Bool) {
        (self.division, self.isLazy) = (division, isLazy)
    }

    func tell(_ work: Work, of size: Size) throws {
        guard let count = try tiles ?? division.blocking(of: size)?.count,
            let text = division.summary(of: size, tileCount: count)
        else { return }
        work.decide(
            WorkDecision(
                division.isEnlarging ? .enlarged : .tiles,
                text,
                looks: isLazy ? nil : looks + count,
                seconds: isLazy ? nil : secondsPerLook.map { $0 * Double(count - knownTiles) },
                costlyDiameter: isBounded ? division.objectDiameter : nil
            )
        )
    }
}

extension WorkDecision {
    /// Masks are predicted from each point of a grid.
    static func pointGrid(_ options: MaskGenerationOptions) -> WorkDecision {
        let side = options.pointsPerSide
        return WorkDecision(
            .pointGrid,
            "masks are predicted from a grid of \(side) x \(side) points"
        )
    }

    /// What a first look took for objects is too narrow to be some.
    static func tooSmall(_ diameter: Double) -> WorkDecision {
        WorkDecision(
            .tooSmall,
            "what the first pass found is about \(Int(diameter.rounded())) pixels wide, which is "
                + "too narrow for objects, so the model sees the image as a whole"
        )
    }
}
