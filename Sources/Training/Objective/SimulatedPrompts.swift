package import Imaging
import SegmentAnything
package import Torch

/// The prompts of a simulated user for some objects of a sample, which grow with each correction.
package struct SimulatedPrompts {
    /// How an iteration begins.
    package enum Start: Hashable {
        /// One point inside, and three masks to choose from.
        case point
        /// A box, whose sides may lie further out by up to this share of the box.
        case box(distortion: Double)
    }

    private var points: [[MaskPoint]]
    private var boxes: [Box<OriginalPixels>]?

    /// Mask logits of the last prediction `[objects, 1, h, w]`, if they are a prompt too.
    package var masks: Tensor?

    /// Prompts that are already known, all objects with as many points.
    package init(points: [[MaskPoint]], boxes: [Box<OriginalPixels>]?) {
        self.points = points
        self.boxes = boxes
    }

    /// Draws the first prompt of each object.
    package init(_ start: Start, _ truth: ObjectTruth, using random: inout SplitMix64) {
        switch start {
        case .point:
            points = truth.objects.map { object in
                random.pixel(of: object.mask).map { [MaskPoint(point: $0, isPositive: true)] } ?? []
            }
        case .box(let distortion):
            points = truth.objects.map { _ in [] }
            boxes = truth.objects.map { object in
                object.box.distorted(distortion, within: object.mask.size, using: &random)
            }
        }
    }

    /// Draws prompts as for validation: 1 to 4 points inside, up to 4 outside, with or without the box.
    init(
        randomPoints truth: ObjectTruth,
        usesBox: Bool,
        using random: inout SplitMix64
    ) {
        var options = FixedPromptOptions()
        options.positives = 1 + random.below(4)
        options.negatives = random.below(5)
        if !usesBox, options.positives == 1 { options.negatives = max(options.negatives, 1) }
        options.distance = Self.dilation
        points = truth.objects.map { $0.mask.randomPoints(options, using: &random) }
        boxes = usesBox ? truth.objects.map(\.box) : nil
    }

    /// Pixels between an object and the points outside of it, as the reference's `dilation_strength`.
    private static let dilation = 10

    /// Adds the points that correct a prediction.
    ///
    /// - Parameter predictions: A mask for each object.
    package mutating func correct(
        _ predictions: [RunLengthMask],
        _ truth: ObjectTruth,
        using random: inout SplitMix64
    ) {
        for (index, object) in truth.objects.enumerated() {
            let correction = CorrectionPrompts(
                correcting: predictions[index],
                to: object.mask,
                using: &random
            )
            // An object that fills the image has no outside; its inside is shown twice instead, so that
            // all objects keep as many points.
            let inside = correction.positive ?? Point(x: object.box.minX, y: object.box.minY)
            points[index].append(MaskPoint(point: inside, isPositive: true))
            points[index].append(
                correction.negative.map { MaskPoint(point: $0, isPositive: false) }
                    ?? MaskPoint(point: inside, isPositive: true)
            )
        }
    }

    /// The prompts as the prompt encoder takes them.
    func tensors(
        _ batch: FrameBatch,
        _ item: FrameBatch.Item,
        on device: Device
    ) throws(TensorError) -> PromptTensors {
        var prompts = PromptTensors(masks: masks)
        let count = points.first?.count ?? 0
        if count > 0 {
            let places = points.flatMap { $0.flatMap { batch.place($0.point, item) } }
            let labels = points.flatMap { $0.map { Int64($0.isPositive ? 1 : 0) } }
            prompts.points = (
                coordinates: try Tensor(places, shape: points.count, count, 2).moved(to: device),
                labels: try Tensor(labels, shape: points.count, count).moved(to: device)
            )
        }
        if let boxes {
            prompts.boxes = try Tensor(
                boxes.flatMap { batch.place($0, item) },
                shape: boxes.count,
                4
            ).moved(to: device)
        }
        return prompts
    }
}

extension Box<OriginalPixels> {
    /// Every side moved outwards by a share of the box of up to `distortion`, in whole pixels.
    func distorted(
        _ distortion: Double,
        within size: Size,
        using random: inout SplitMix64
    ) -> Box {
        guard distortion > 0 else { return self }
        let (width, height) = (maxX - minX, maxY - minY)
        func moved(_ value: Double, _ sign: Double, _ length: Double, _ limit: Int) -> Double {
            let target = value + sign * random.uniform(0...distortion) * length
            return min(max(target, 0), Double(limit)).rounded()
        }
        let top = moved(minY, -1, height, size.height)
        let bottom = moved(maxY, 1, height, size.height)
        let left = moved(minX, -1, width, size.width)
        let right = moved(maxX, 1, width, size.width)
        return Box(minX: left, minY: top, maxX: right, maxY: bottom)
    }
}

extension RunLengthMask {
    /// Random points inside, none of them the centre, and outside.
    fileprivate func randomPoints(
        _ options: FixedPromptOptions,
        using random: inout SplitMix64
    ) -> [MaskPoint] {
        guard let region = boundingBox, let first = random.pixel(of: self) else { return [] }
        let target = PromptTarget(label: 1, mask: self, region: region, center: first)
        return target.points(options, using: &random)
    }
}
