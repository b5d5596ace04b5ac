public import Imaging

extension TilingOptions {
    /// Tiles in which the model sees objects about as large as suits it; nil if it does so in the image as a
    /// whole, or nearly.
    ///
    /// Tiles are square and of equal size, and reach into their neighbours by one and a half objects.
    ///
    /// - Parameters:
    ///   - size: Of the image.
    ///   - diameter: Of the objects, in pixels of the image.
    ///   - suited: What suits the model.
    ///   - limit: The most parts that the longest side is divided into; nil for any number.
    public static func enlarging(
        _ size: Size,
        objectsOf diameter: Double,
        to suited: ObjectDiameter,
        limit: Int? = nil
    ) -> TilingOptions? {
        let longest = size.longestSide
        guard diameter > 0, suited.isMissed(by: diameter, in: size) else { return nil }
        let seen = ObjectDiameter(of: diameter, in: size).framePixels
        let halo = max(8, Int((1.5 * diameter).rounded(.up)))
        // A little less than the best size does no harm, more tiles take time.
        let side = Double(longest) * seen / suited.framePixels * 1.15
        func reach(_ count: Int) -> Double {
            Double(longest) / Double(count) + Double(halo * (count == 2 ? 1 : 2))
        }
        let most = min(limit ?? longest / 16, longest / max(halo, 16))
        guard most > 1 else { return nil }
        let count = (2...most).first { reach($0) <= side } ?? most
        let tile = (longest - 1) / count + 1
        return TilingOptions(
            tileShape: Size(width: tile, height: tile),
            halo: Size(width: halo, height: halo)
        )
    }
}

extension ObjectDiameter {
    /// A diameter in pixels of an image or tile, as a model sees it.
    public init(of diameter: Double, in size: Size) {
        self.init(framePixels: diameter * Double(ModelFrame.side) / Double(size.longestSide))
    }

    /// Whether a model would see objects of a diameter, in pixels of an image or tile, with much less than this.
    public func isMissed(by diameter: Double, in size: Size) -> Bool {
        ObjectDiameter(of: diameter, in: size).framePixels < Self.leastShare * framePixels
    }

    /// Objects are enlarged if the model would see them with less than this share of what suits it.
    private static let leastShare = 0.75
}
