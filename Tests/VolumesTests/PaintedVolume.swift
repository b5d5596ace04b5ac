import Imaging
import Prompting
import Synchronization
import Volumes

/// A model that knows discs: it finds the disc of a slice that the middle of a prompt lies in.
///
/// A disc is a circle of a slice; slices without one have none. Everything but the networks is tested with it.
final class PaintedVolume: InteractiveSegmenter {
    /// A disc of a slice.
    struct Disc: Hashable, Sendable {
        let x: Double
        let y: Double
        let radius: Double
    }

    let discs: [[Disc]]
    let size: Size
    private let asked = Mutex<[Int]>([])
    private let waiting = Mutex<(@Sendable (Int) async throws -> Void)?>(nil)

    init(_ discs: [[Disc]], size: Size = Size(width: 60, height: 40)) {
        (self.discs, self.size) = (discs, size)
    }

    /// The same disc in some of the slices, moved by so many pixels a slice.
    convenience init(
        slices: Int,
        with present: Set<Int>,
        radius: Double = 8,
        step: Double = 0
    ) {
        self.init(
            (0..<slices).map { slice in
                present.contains(slice)
                    ? [Disc(x: 20 + step * Double(slice), y: 20, radius: radius)] : []
            }
        )
    }

    let description = SegmenterDescription(
        name: "discs",
        hash: nil,
        modes: [],
        suitedOptions: AutomaticSegmentationOptions()
    )

    /// The slices that were asked for, in order.
    var slices: [Int] { asked.withLock { $0 } }

    /// Called before each answer.
    func wait(_ body: @escaping @Sendable (Int) async throws -> Void) {
        waiting.withLock { $0 = body }
    }

    fileprivate func willAnswer(_ slice: Int) async throws {
        asked.withLock { $0.append(slice) }
        try await waiting.withLock { $0 }?(slice)
    }

    /// The sessions on all slices.
    var sessions: SliceSessions {
        SliceSessions(count: discs.count, size: size) { PaintedSlice(volume: self, slice: $0) }
    }

    func session(on plane: any PixelSource, id: String) -> any InteractiveSession {
        PaintedSlice(volume: self, slice: 0)
    }

    /// A disc as a mask.
    func mask(_ disc: Disc) -> RunLengthMask {
        let box = Box<OriginalPixels>(
            minX: disc.x + 0.5 - disc.radius,
            minY: disc.y + 0.5 - disc.radius,
            maxX: disc.x + 0.5 + disc.radius,
            maxY: disc.y + 0.5 + disc.radius
        )
        return RunLengthMask(ellipseIn: box, size: size)
    }
}

/// A slice of discs.
private struct PaintedSlice: InteractiveSession {
    let volume: PaintedVolume
    let slice: Int

    var size: Size { volume.size }
    var state: SessionState { .ready }
    func prepare(_ work: Work) {}
    func preview(at point: Point<OriginalPixels>, _ work: Work) -> [PredictedMask]? { nil }
    func close() {}

    func automatic(_ options: AutomaticSegmentationOptions, _ work: Work) -> LabelImage {
        LabelImage(size: size)
    }

    func predict(
        _ objects: [PromptedObject],
        _ options: PromptOptions,
        keepsLogits: Bool,
        _ work: Work
    ) async throws -> [PredictedMask] {
        try await volume.willAnswer(slice)
        try work.checkpoint()
        return try objects.enumerated().map { index, object in
            let middle = try middle(of: object)
            let disc = volume.discs[slice].first { disc in
                let (x, y) = (disc.x - middle.x, disc.y - middle.y)
                return x * x + y * y <= disc.radius * disc.radius
            }
            let mask = disc.map(volume.mask) ?? RunLengthMask([], size: size)
            return PredictedMask(
                object: index,
                pixels: mask,
                score: 1 - middle.x / 1000,
                stability: 0.9
            )
        }
    }

    /// The first positive point, or the middle of the mask.
    private func middle(of object: PromptedObject) throws -> Point<OriginalPixels> {
        for prompt in object.prompts {
            switch prompt {
            case .point(let point, .positive): return point
            case .box(let box, _): return box.center
            case .mask(let mask):
                let box = try mask.decoded().boundingBox ?? Region(size)
                return Point(
                    x: Double(box.x) + Double(box.width) / 2,
                    y: Double(box.y) + Double(box.height) / 2
                )
            default: continue
            }
        }
        return Point(x: -100, y: -100)
    }
}

extension RunLengthMask {
    /// Some pixels by their numbers.
    init(_ pixels: [Int], size: Size) {
        var labels = LabelImage(size: size)
        for pixel in pixels { labels.labels[pixel] = 1 }
        self.init(1, of: labels)
    }
}
