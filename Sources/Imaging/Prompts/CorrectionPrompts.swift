/// Where a simulated user clicks to correct a mask.
public struct CorrectionPrompts: Hashable, Sendable {
    /// A pixel of the object; nil only if the object is empty.
    public let positive: Point<OriginalPixels>?

    /// A pixel outside of the object; nil only if the object fills the image.
    public let negative: Point<OriginalPixels>?

    /// How far around an object without false pixels the negative point may lie.
    private static let margin = 3

    /// Draws one positive and one negative point, each uniformly from a set of pixels.
    ///
    /// Positive: pixels that the prediction lacks; if there are none, pixels of both. Negative:
    /// pixels that the prediction has too much; if there are none, pixels around the object, inside
    /// its bounding box enlarged by 3 pixels; if there are none, any pixel outside.
    ///
    /// The reference draws from an unseeded generator, so its points cannot be repeated; these
    /// follow from `random`.
    ///
    /// - Parameters:
    ///   - prediction: Mask to be corrected.
    ///   - truth: Mask of the object, of the same size.
    ///   - random: Where chance comes from; two numbers are taken.
    /// - Source: `IterativePromptGenerator` in micro-sam, `prompt_generators.py`.
    public init(
        correcting prediction: RunLengthMask,
        to truth: RunLengthMask,
        using random: inout SplitMix64
    ) {
        let missing = truth.subtracting(prediction)
        positive = random.pixel(of: missing.isEmpty ? truth : missing)
        var outside = prediction.subtracting(truth)
        if outside.isEmpty, let box = truth.boundingBox {
            let around = box.enlarged(by: Self.margin)
            outside = RunLengthMask(around, in: truth.size).subtracting(truth)
        }
        if outside.isEmpty { outside = RunLengthMask.all(of: truth.size).subtracting(truth) }
        negative = random.pixel(of: outside)
    }
}

extension SplitMix64 {
    /// A pixel of a mask, all equally likely; nil if there is none.
    package mutating func pixel(of mask: RunLengthMask) -> Point<OriginalPixels>? {
        let index = index(below: max(mask.area, 1))
        return mask.isEmpty ? nil : mask.pixel(index)
    }

    /// A number from 0 to `count - 1`; the same on every platform.
    package mutating func index(below count: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(count)).high)
    }
}

extension PixelRegion {
    /// With so many pixels more on each side; it may leave the image.
    package func enlarged(by margin: Int) -> PixelRegion {
        PixelRegion(
            x: x - margin,
            y: y - margin,
            width: width + 2 * margin,
            height: height + 2 * margin
        )
    }
}
