import AnnotationServer
import Imaging
import Prompting
import Synchronization

/// A model that paints disks: everything but inference is tested with it.
struct DiskSegmenter: InteractiveSegmenter {
    var name = "disks"

    /// Shown each plane that work begins on.
    var watch: @Sendable (any PixelSource) -> Void = { _ in }

    /// How long the preparation of a plane takes.
    var pace = Duration.milliseconds(5)

    var description: SegmenterDescription {
        SegmenterDescription(
            name: name,
            hash: "d15c",
            modes: [.instanceDecoder],
            suitedOptions: AutomaticSegmentationOptions()
        )
    }

    func session(on plane: any PixelSource, id: String) -> any InteractiveSession {
        watch(plane)
        return DiskSession(on: plane, pace: pace)
    }
}

/// The work of the disk painter on a plane.
final class DiskSession: InteractiveSession {
    let size: Size
    private let plane: any PixelSource
    private let pace: Duration
    private let current = Mutex(SessionState.new)

    init(on plane: any PixelSource, pace: Duration) {
        (self.plane, size, self.pace) = (plane, plane.size, pace)
    }

    var state: SessionState { current.withLock { $0 } }

    func prepare(_ work: Work) async throws {
        current.withLock { $0 = .preparing }
        try work.advance(1, of: 2)
        try await Task.sleep(for: pace)
        try work.advance(2, of: 2)
        current.withLock { if $0 != .closed { $0 = .ready } }
    }

    func preview(
        at point: Point<OriginalPixels>,
        _ work: Work
    ) async throws -> [PredictedMask]? {
        guard state == .ready else { return nil }
        // Long enough for a newer request to take its place.
        for _ in 0..<10 {
            try await Task.sleep(for: .milliseconds(2))
            try work.checkpoint()
        }
        return [3, 6, 9].map { disk(at: point, radius: $0, object: 0) }
    }

    func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) async throws -> [PredictedMask] {
        if state == .closed { throw SessionError.closed }
        return try objects.enumerated().map { index, object in
            if case .mask(let mask)? = object.prompts.first {
                return try seen(mask.decoded(), object: index)
            }
            guard case .point(let point, .positive)? = object.prompts.first else {
                throw NoPoint()
            }
            var mask = disk(at: point, radius: 5, object: index)
            if keepsLogits {
                mask.logits = (0..<256 * 256).map { place in
                    let (x, y) = (Double(place % 256), Double(place / 256))
                    let distance = ((x - point.x) * (x - point.x) + (y - point.y) * (y - point.y))
                    return Float(5 - distance.squareRoot())
                }
                mask.logitsBox = Box(minX: 0, minY: 0, maxX: 256, maxY: 256)
            }
            return mask
        }
    }

    /// As for prompts, but slower, so that somebody can end it.
    func follow(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        _ work: Work
    ) async throws -> [PredictedMask] {
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(2))
            try work.checkpoint()
        }
        return try await predict(objects, options, keepsLogits: false, work)
    }

    /// A mask of another slice again, where its middle is bright here.
    private func seen(_ mask: RunLengthMask, object: Int) throws -> PredictedMask {
        let box = mask.boundingBox ?? Region(x: 0, y: 0, width: 1, height: 1)
        let middle = Region(
            x: box.x + box.width / 2,
            y: box.y + box.height / 2,
            width: 1,
            height: 1
        )
        var pixels = mask
        if case .uint16(let raster) = try plane.read(middle), raster.samples[0] == 0 {
            pixels = RunLengthMask(1, of: LabelImage(size: size))
        }
        return PredictedMask(object: object, pixels: pixels, score: 0.7, stability: 0.6)
    }

    func automatic(
        _ options: AutomaticSegmentationOptions,
        _ work: Work
    ) async throws -> LabelImage {
        var labels = LabelImage(size: size)
        let radius = max(options.watershed.minimumSize, 4)
        var label: UInt32 = 0
        for y in stride(from: 16, to: size.height, by: 32) {
            for x in stride(from: 16, to: size.width, by: 32) {
                label += 1
                let point = Point<OriginalPixels>(x: Double(x), y: Double(y))
                for run in disk(at: point, radius: Double(radius), object: 0).pixels.runs {
                    for pixel in run.start..<run.end { labels.labels[pixel] = label }
                }
            }
        }
        current.withLock { if $0 != .closed { $0 = .ready } }
        return labels
    }

    /// Prompts that the disk painter cannot use.
    struct NoPoint: PromptRefusal {
        let description = "a disk needs a positive point first"
    }

    func close() { current.withLock { $0 = .closed } }

    private func disk(
        at point: Point<OriginalPixels>,
        radius: Double,
        object: Int
    ) -> PredictedMask {
        let box = Box<OriginalPixels>(
            minX: point.x + 0.5 - radius,
            minY: point.y + 0.5 - radius,
            maxX: point.x + 0.5 + radius,
            maxY: point.y + 0.5 + radius
        )
        let pixels = RunLengthMask(ellipseIn: box, size: size)
        return PredictedMask(object: object, pixels: pixels, score: 0.9, stability: 0.8)
    }
}

/// Two models that paint disks, and one that cannot be loaded.
struct DiskModels: ModelSource {
    /// Shown each plane that work begins on.
    var watch: @Sendable (any PixelSource) -> Void = { _ in }

    /// How long the preparation of a plane takes.
    var pace = Duration.milliseconds(5)

    func choices() async throws -> [ModelChoice] {
        [
            ModelChoice(name: "disks", words: "paints disks"),
            ModelChoice(name: "other-disks", score: 0.5), ModelChoice(name: "broken"),
        ]
    }

    func load(_ name: String, _ work: Work) async throws -> any InteractiveSegmenter {
        if name == "broken" { throw NoModel() }
        return DiskSegmenter(name: name, watch: watch, pace: pace)
    }

    struct NoModel: Error, CustomStringConvertible {
        let description = "the weights are damaged"
    }
}
