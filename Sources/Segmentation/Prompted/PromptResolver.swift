public import Imaging
public import Prompting
import Torch

/// Turns the prompts of an object into what the model takes.
///
/// - Source: `prompt_based_segmentation.py` in micro-sam; scribbles as in micro-sam 2.
struct PromptResolver {
    /// Size of the image.
    let imageSize: Size

    /// Size of what an embedding shows: the image, or a tile with its halo.
    let frame: Size

    let options: PromptOptions

    /// What is known of an object, in pixels of the image.
    struct Gathered {
        var points: [ObjectPrompts.LabeledPoint]
        var box: Box<OriginalPixels>?
        var mask: RunLengthMask?
    }

    /// Reads all prompts of an object.
    ///
    /// - Throws: ``PromptUseError`` if one of them cannot be used with this image.
    func gather(_ object: PromptedObject) throws -> Gathered {
        if let defect = object.defect { throw error(object, .defect(defect)) }
        let mask = try mask(of: object)
        var points = try points(of: object)
        if mask != nil, options.swapsPointsOfMasks {
            points = points.map { point in
                let (x, y) = (point.position.x, point.position.y)
                return .init(Point(x: y, y: x), isInside: point.isInside)
            }
        }
        if let mask, points.isEmpty { points = try derivedPoints(of: mask) }
        let box = try box(of: object, mask)
        guard !points.isEmpty || box != nil || (mask != nil && options.usesMaskLogits) else {
            throw error(object, .nothingUsed)
        }
        return Gathered(points: points, box: box, mask: mask)
    }

    /// Checks the prompts of an object, without what takes long.
    ///
    /// - Throws: ``PromptUseError`` if one of them cannot be used with this image.
    static func check(
        _ object: PromptedObject,
        in size: Size,
        _ options: PromptOptions
    ) throws {
        var options = options
        // Points in masks need distances to their borders. Whether anything is used is found out with them.
        (options.maskPoints, options.usesMaskLogits) = (.none, true)
        _ = try PromptResolver(imageSize: size, frame: size, options: options).gather(object)
    }

    /// The prompts for the embedding of the whole image.
    func resolve(_ gathered: Gathered) throws -> ObjectPrompts {
        ObjectPrompts(
            points: gathered.points,
            box: gathered.box,
            maskLogits: try maskLogits(of: gathered, inside: Region(imageSize))
        )
    }

    /// The logits that stand for the part of the mask in a region; nil if there is no mask or it is not
    /// wanted.
    func maskLogits(of gathered: Gathered, inside region: Region) throws -> [Float]? {
        guard options.usesMaskLogits, let mask = gathered.mask else { return nil }
        return try maskLogits(mask.cropped(to: region))
    }

    private func error(
        _ object: PromptedObject,
        _ problem: PromptUseError.Problem
    ) -> PromptUseError {
        PromptUseError(object: object.id, imageSize: imageSize, problem)
    }

    // MARK: - Points

    /// Those of points and scribbles.
    private func points(of object: PromptedObject) throws -> [ObjectPrompts.LabeledPoint] {
        var points: [ObjectPrompts.LabeledPoint] = []
        var strokes: [ScribbleSampling.Stroke] = []
        for prompt in object.prompts {
            switch prompt {
            case .point(let point, let label):
                guard isInside(point) else {
                    throw error(object, .pointOutside(point))
                }
                points.append(.init(point, isInside: label == .positive))
            case .scribble(let line, let label):
                // Strokes often leave the image, so what lies outside is drawn to its border.
                guard line.contains(where: isInside) else {
                    throw error(object, .scribbleOutside)
                }
                strokes.append(.init(line.map(clamped), label))
            default: continue
            }
        }
        guard !strokes.isEmpty else { return points }
        let samples = ScribbleSampling().samples(of: strokes, try ResizeLongestSide(from: frame))
        return points + samples.map { .init($0.point, isInside: $0.label == .positive) }
    }

    private func derivedPoints(
        of mask: RunLengthMask
    ) throws(ImagingError) -> [ObjectPrompts.LabeledPoint] {
        let selection: MaskPointSelection
        switch options.maskPoints {
        case .none: return []
        case .single: selection = .single
        case .several: selection = .several
        }
        return try mask.raster()
            .promptPoints(selection, boxExtension: options.boxExtension)
            .map { .init($0.point, isInside: $0.isPositive) }
    }

    private func isInside(_ point: Point<OriginalPixels>) -> Bool {
        point.x > -1 && point.y > -1 && point.x <= Double(imageSize.width)
            && point.y <= Double(imageSize.height)
    }

    private func clamped(_ point: Point<OriginalPixels>) -> Point<OriginalPixels> {
        Point(
            x: min(max(point.x, 0), Double(imageSize.width - 1)),
            y: min(max(point.y, 0), Double(imageSize.height - 1))
        )
    }

    // MARK: - Boxes

    /// The box that was given, else that of drawn shapes, else that of masks if it is wanted.
    private func box(
        of object: PromptedObject,
        _ mask: RunLengthMask?
    ) throws -> Box<OriginalPixels>? {
        var given: (box: Box<OriginalPixels>, margin: Double?)?
        var drawn: Box<OriginalPixels>?
        for prompt in object.prompts {
            switch prompt {
            case .box(let box, let margin): given = (box, margin)
            case .rectangle(let box): given = (box, nil)
            case .ellipse(let box): drawn = drawn.map { $0.union(box) } ?? box
            case .polygon(let corners):
                guard let box = Box(around: corners) else { continue }
                drawn = drawn.map { $0.union(box) } ?? box
            default: continue
            }
        }
        guard let box = given?.box ?? drawn else {
            guard options.usesMaskBox, let mask else { return nil }
            return try mask.boundingBox.map { region throws(ImagingError) in
                try Box(region).extended(by: options.boxExtension, within: imageSize)
            }
        }
        let extended = try box.extended(
            by: given?.margin ?? options.boxExtension,
            within: imageSize
        )
        guard extended.width > 0, extended.height > 0 else {
            throw error(object, .boxOutside(box))
        }
        return extended
    }

    // MARK: - Masks

    /// What masks, polygons and ellipses cover together.
    private func mask(of object: PromptedObject) throws -> RunLengthMask? {
        var result: RunLengthMask?
        for prompt in object.prompts {
            let part: RunLengthMask
            switch prompt {
            case .polygon(let corners): part = RunLengthMask(filling: [corners], size: imageSize)
            case .ellipse(let box): part = RunLengthMask(ellipseIn: box, size: imageSize)
            case .mask(let mask):
                guard mask.size == imageSize else {
                    throw error(object, .maskOfOtherSize(mask.size))
                }
                do {
                    part = try mask.decoded()
                } catch let cause {
                    throw error(object, .damagedMask("\(cause)"))
                }
            default: continue
            }
            result = result.map { $0.union(part) } ?? part
        }
        if let result, result.isEmpty {
            throw error(object, .maskOutside)
        }
        return result
    }

    /// The logits that stand for a mask, `[256, 256]`.
    ///
    /// - Source: `_compute_logits_from_mask` in micro-sam, with ε = 0.001.
    private func maskLogits(_ mask: Raster<Bool>) throws -> [Float] {
        let (side, high) = (MaskResampler.side, Float(6.906754778648554))
        var samples = try Tensor(
            mask.samples.map { $0 ? Float(1) : 0 },
            shape: 1,
            1,
            mask.size.height,
            mask.size.width
        )
        if mask.size != Size(width: side, height: side) {
            let resized = try ResizeLongestSide(from: mask.size, to: side).resizedSize
            samples =
                try samples
                .resizedBilinear(height: resized.height, width: resized.width, antialias: true)
                .padded(bottom: side - resized.height, right: side - resized.width)
        }
        return try samples.contiguous().elements(as: Float.self).map { $0 > 0.5 ? high : -high }
    }
}

extension PromptedObject {
    /// Checks that the prompts can be used with an image, before a model is asked.
    ///
    /// - Parameter size: Of the image.
    /// - Throws: ``PromptUseError``.
    public func requireUsable(in size: Size, _ options: PromptOptions = PromptOptions()) throws {
        try PromptResolver.check(self, in: size, options)
    }
}

extension Box where Space == OriginalPixels {
    /// The smallest box around some points.
    init?(around points: [Point<OriginalPixels>]) {
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        guard let minX = xs.min(), let maxX = xs.max(), let minY = ys.min(), let maxY = ys.max()
        else { return nil }
        self.init(minX: minX, minY: minY, maxX: maxX, maxY: maxY)
    }

    /// The smallest box around two.
    fileprivate func union(_ other: Box) -> Box {
        Box(
            minX: min(minX, other.minX),
            minY: min(minY, other.minY),
            maxX: max(maxX, other.maxX),
            maxY: max(maxY, other.maxY)
        )
    }
}

extension RunLengthMask {
    /// The mask inside a region, one Boolean per pixel.
    fileprivate func cropped(to region: Region) throws(ImagingError) -> Raster<Bool> {
        guard region.isInside(size), region.width > 0, region.height > 0 else {
            throw .regionOutside(region, size)
        }
        var result = Raster(repeating: false, size: region.size)
        for run in runs {
            var start = run.start
            while start < run.end {
                let row = start / size.width
                let end = min(run.end, (row + 1) * size.width)
                let first = max(start - row * size.width, region.x)
                let last = min(end - row * size.width, region.endX)
                if row >= region.y, row < region.endY, first < last {
                    for x in first..<last { result[x: x - region.x, y: row - region.y] = true }
                }
                start = end
            }
        }
        return result
    }
}
