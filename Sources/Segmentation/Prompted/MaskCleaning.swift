import Imaging
import Prompting

extension [PredictedMask] {
    /// The masks as the options want them: without parts that nobody pointed at, and without holes.
    func cleaned(_ objects: [PromptedObject], _ options: PromptOptions) throws -> [PredictedMask] {
        guard options.keepsPointedPart || options.fillsHoles else { return self }
        return try map { mask in
            var pixels = mask.pixels.raster()
            if options.keepsPointedPart {
                pixels = try pixels.part(at: objects[mask.object].positivePixels)
            }
            if options.fillsHoles { pixels = try pixels.withoutHoles() }
            var cleaned = mask
            cleaned.pixels = try RunLengthMask(pixels)
            return cleaned
        }
    }
}

extension PromptedObject {
    /// The pixels that certainly belong to the object: positive points and scribbles.
    fileprivate var positivePixels: [Point<OriginalPixels>] {
        prompts.flatMap { prompt -> [Point<OriginalPixels>] in
            switch prompt {
            case .point(let point, .positive): [point]
            case .scribble(let points, .positive): points
            default: []
            }
        }
    }
}

extension Raster where Sample == Bool {
    /// The connected parts that hold one of the points; the first of the largest where none does.
    fileprivate func part(at points: [Point<OriginalPixels>]) throws -> Raster<Bool> {
        let parts = try LabelImage(componentsOf: self, connectivity: .edgesAndCorners)
        var chosen = Set(
            points.compactMap { point -> UInt32? in
                // (0, 0) is the middle of the first pixel.
                let (x, y) = (Int(point.x.rounded()), Int(point.y.rounded()))
                guard (0..<size.width).contains(x), (0..<size.height).contains(y) else {
                    return nil
                }
                return parts.labels[size.index(x: x, y: y)]
            }
        )
        chosen.remove(0)
        if chosen.isEmpty {
            var areas: [UInt32: Int] = [:]
            for label in parts.labels where label != 0 { areas[label, default: 0] += 1 }
            let largest = areas.max { ($0.value, $1.key) < ($1.value, $0.key) }
            chosen = largest.map { [$0.key] } ?? []
        }
        var result = self
        for (pixel, label) in parts.labels.enumerated() {
            result.samples[pixel] = chosen.contains(label)
        }
        return result
    }

    /// The mask with everything filled that it surrounds.
    fileprivate func withoutHoles() throws -> Raster<Bool> {
        let outside = try LabelImage(componentsOf: map { !$0 }, connectivity: .edges)
        var open: Set<UInt32> = []
        for x in 0..<size.width {
            open.insert(outside.labels[size.index(x: x, y: 0)])
            open.insert(outside.labels[size.index(x: x, y: size.height - 1)])
        }
        for y in 0..<size.height {
            open.insert(outside.labels[size.index(x: 0, y: y)])
            open.insert(outside.labels[size.index(x: size.width - 1, y: y)])
        }
        var result = self
        for (pixel, part) in outside.labels.enumerated() where part != 0 {
            result.samples[pixel] = !open.contains(part)
        }
        return result
    }
}
