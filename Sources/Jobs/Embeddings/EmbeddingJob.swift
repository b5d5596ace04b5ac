import Foundation
import ImageFormats
public import Imaging
public import Prompting
public import Segmentation
public import Zarr

/// What a job tells while it computes embeddings.
public enum EmbeddingEvent: Sendable {
    /// The work on an image of this size begins, divided into tiles or not.
    case began(EmbeddingPlan.Item, Size, TilingOptions?)
    /// So many embeddings of an image are done, of so many.
    case advanced(EmbeddingPlan.Item, done: Int, of: Int)
    /// The work on an image ended, well or not.
    case finished(EmbeddingReport)
}

/// Computes the stores of a plan one after the other.
public struct EmbeddingJob: Sendable {
    /// What applies to all images.
    public struct Settings: Sendable {
        /// Which plane of each image; an axis that is open is stored as a whole.
        public var plane = PlaneSelection()
        /// Whether an opacity channel takes part.
        public var keepsOpacity = false
        /// Whether and how images are divided.
        public var tiling = TilingChoice.automatic
        /// An image whose true pixels choose the tiles; nil for all tiles.
        public var mask: String?
        /// The version of Zarr.
        public var format = ZarrFormat.v3
        /// Whether 16-bit numbers are stored.
        public var isHalfPrecision = false
        /// How errors become the sentences of reports.
        public var wording: ErrorWording = { ErrorText.line($0) }

        /// All tiles, in full precision.
        public init() {}
    }

    private let items: [EmbeddingPlan.Item]
    private let settings: Settings

    /// Describes the work; nothing happens yet.
    public init(_ plan: EmbeddingPlan, _ settings: Settings) {
        items = plan.items
        self.settings = settings
    }

    /// Runs to the end, on the calling thread; an image that fails does not stop the others.
    public func run(
        _ predictor: ImagePredictor,
        _ model: EmbeddingSignature.Model,
        telling receive: (EmbeddingEvent) -> Void
    ) -> [EmbeddingReport] {
        items.map { item in
            let report: EmbeddingReport
            do {
                report = try embed(item, predictor, model, receive)
            } catch {
                report = EmbeddingReport(failure: error, item, settings.wording)
            }
            receive(.finished(report))
            return report
        }
    }

    private func embed(
        _ item: EmbeddingPlan.Item,
        _ predictor: ImagePredictor,
        _ model: EmbeddingSignature.Model,
        _ receive: (EmbeddingEvent) -> Void
    ) throws -> EmbeddingReport {
        let clock = ContinuousClock()
        let start = clock.now
        let input = try StackInput(
            opening: item.input,
            settings.plane,
            keepsOpacity: settings.keepsOpacity
        ).input
        var options = EmbeddingStoreOptions(tiling: settings.tiling.storedTiling(of: input.size))
        options.format = settings.format
        options.isHalfPrecision = settings.isHalfPrecision
        if settings.mask != nil, options.tiling == nil {
            throw JobFailure(
                "\(item.input): --mask chooses tiles, but the image is not divided; "
                    + "give --tile-shape"
            )
        }
        receive(.began(item, input.size, options.tiling))
        let mask = try settings.mask.map { try Self.mask($0) }
        let result = try predictor.embed(
            input,
            into: URL(filePath: item.output),
            model: model,
            options,
            mask: mask.map { mask in { plane in try mask(plane) } }
        ) { done, total in
            receive(.advanced(item, done: done, of: total))
        }
        var report = EmbeddingReport(item)
        (report.width, report.height) = (input.size.width, input.size.height)
        report.planes = input.depth
        report.tileShape = options.tiling.map { [$0.tileShape.height, $0.tileShape.width] }
        report.halo = options.tiling.map { [$0.halo.height, $0.halo.width] }
        (report.computed, report.reused) = (result.computed, result.reused)
        report.warnings = result.warnings
        report.seconds = (clock.now - start) / .seconds(1)
        return report
    }

    /// The true pixels of each plane of a mask file.
    private static func mask(_ file: String) throws -> (Int) throws -> Raster<Bool> {
        let stack = try StackInput(opening: file, PlaneSelection()).input
        return { plane in
            let place = stack.depth == nil ? 0 : plane
            guard place < stack.planeCount else {
                throw JobFailure("\(file): the mask has no plane \(plane)")
            }
            let pixels = try stack.read(plane: place, Region(stack.size))
            return pixels.floats().map { $0 != 0 }
        }
    }
}
