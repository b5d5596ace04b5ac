/// How the mask of one slice is shown to the model in the next one.
public struct MaskProjection: Hashable, Sendable {
    /// Whether the box around the mask is a prompt.
    public var usesBox: Bool

    /// Whether the mask itself is a prompt.
    public var usesMask: Bool

    /// Which points of the mask are prompts.
    public var points: PromptOptions.MaskPoints

    /// Combines prompts; at least one should be used.
    public init(usesBox: Bool, usesMask: Bool, points: PromptOptions.MaskPoints) {
        (self.usesBox, self.usesMask, self.points) = (usesBox, usesMask, points)
    }

    /// The mask and its box.
    public static let mask = MaskProjection(usesBox: true, usesMask: true, points: .none)

    /// Points inside and outside.
    public static let points = MaskProjection(usesBox: false, usesMask: false, points: .several)

    /// The box.
    public static let box = MaskProjection(usesBox: true, usesMask: false, points: .none)

    /// Points inside and outside, and the mask.
    public static let pointsAndMask = MaskProjection(
        usesBox: false,
        usesMask: true,
        points: .several
    )

    /// The innermost pixel.
    public static let singlePoint = MaskProjection(usesBox: false, usesMask: false, points: .single)

    /// The ways that have a name, as micro-sam calls them.
    public static let named: [(name: String, projection: MaskProjection)] = [
        ("mask", .mask), ("points", .points), ("box", .box), ("points_and_mask", .pointsAndMask),
        ("single_point", .singlePoint),
    ]

    /// The options by which the model predicts a slice from the mask of another one.
    ///
    /// - Parameter boxExtension: Margin around the box: below 1 a share of the side, from 1 on pixels.
    public func promptOptions(boxExtension: Double) -> PromptOptions {
        var options = PromptOptions()
        options.masks = .single
        (options.usesMaskBox, options.usesMaskLogits) = (usesBox, usesMask)
        (options.maskPoints, options.boxExtension) = (points, boxExtension)
        return options
    }
}
