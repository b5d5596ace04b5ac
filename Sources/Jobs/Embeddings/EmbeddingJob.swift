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
        /// Whether the planes have to be slices of one time point.
        public var isVolume = false
        /// Whether an opacity channel takes part.
        public var keepsOpacity = false
        /// Whether and how images are divided.
        public var tiling = TilingChoice.automatic
        /// An image whose true pixels choose the tiles; nil for all tiles.
        public var mask: String?
        /// The version of Zarr.
        public var format = ZarrFormat.v3
        /// Whether 16-bit numbers are stored, with which labels can differ a little.
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

    /// Runs to the end, or until the work is cancelled; an image that fails does not stop the others.
    ///
    /// - Returns: What became of each image that was begun.
    /// - Throws: `CancellationError`; what was computed before is stored.
    public func run(
        _ model: Model,
        _ work: Work = Work(),
        telling receive: (EmbeddingEvent) -> Void
    ) throws -> [EmbeddingReport] {
        try items.map { item in
            let report: EmbeddingReport
            do {
                report = try embed(item, model, work, receive)
            } catch let error as CancellationError {
                throw error
            } catch {
                report = EmbeddingReport(failure: error, item, settings.wording)
            }
            receive(.finished(report))
            return report
        }
    }

    private func embed(
        _ item: EmbeddingPlan.Item,
        _ model: Model,
        _ work: Work,
        _ receive: (EmbeddingEvent) -> Void
    ) throws -> EmbeddingReport {
        let clock = ContinuousClock()
        let start = clock.now
        let file = try PlaneFile(
            openingStack: item.input,
            settings.plane,
            keepsOpacity: settings.keepsOpacity
        )
        if settings.isVolume { try file.requireVolume() }
        let base = Planner(model, settings.tiling).base(of: file.size)
        var options = EmbeddingStoreOptions(base)
        options.format = settings.format
        options.isHalfPrecision = settings.isHalfPrecision
        if settings.mask != nil, options.tiling == nil {
            throw EmbeddingPlanError.maskWithoutTiles(image: item.input)
        }
        receive(.began(item, file.size, options.tiling))
        let mask = try settings.mask.map { try Self.mask($0) }
        let result = try withoutActuallyEscaping(receive) { receive in
            // Safe because events are told only while this call lasts, from the thread that computes.
            nonisolated(unsafe) let receive = receive
            let told = work.part { event in
                guard case .advanced(let done, let total) = event else { return }
                receive(.advanced(item, done: done, of: total))
            }
            return try model.predictor.embed(
                PlaneStack(file.planes),
                into: URL(filePath: item.output),
                model: model.identity,
                options,
                mask: mask,
                told
            )
        }
        var report = EmbeddingReport(item)
        (report.width, report.height) = (file.size.width, file.size.height)
        report.planes = file.depth
        report.tileShape = options.tiling.map { [$0.tileShape.height, $0.tileShape.width] }
        report.halo = options.tiling.map { [$0.halo.height, $0.halo.width] }
        (report.computed, report.reused) = (result.computed, result.reused)
        report.warnings = file.notes.map(\.description) + result.warnings
        report.seconds = (clock.now - start) / .seconds(1)
        return report
    }

    /// The true pixels of each plane of a mask file.
    private static func mask(_ path: String) throws -> (Int) throws -> Raster<Bool> {
        let file = try PlaneFile(openingStack: path)
        return { plane in
            let place = file.depth == nil ? 0 : plane
            guard file.planes.indices.contains(place) else {
                throw EmbeddingPlanError.maskWithoutPlane(mask: path, plane: plane)
            }
            return try file.planes[place].read().floats().map { $0 != 0 }
        }
    }
}
