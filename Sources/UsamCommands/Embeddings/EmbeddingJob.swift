import Foundation
import ImageFormats
import Imaging
import Prompting
import Segmentation
import Zarr

/// Computes the stores of a plan one after the other.
struct EmbeddingJob: Sendable {
    /// What applies to all images.
    struct Settings: Sendable {
        let plane: PlaneSelection
        let keepsOpacity: Bool
        let tiling: TilingChoice
        let mask: String?
        let format: ZarrFormat
        let isHalfPrecision: Bool
    }

    private let items: [EmbeddingPlan.Item]
    private let console: Console
    private let isQuiet: Bool
    private let printsResults: Bool
    private let settings: Settings

    init(
        plan: EmbeddingPlan,
        console: Console,
        isQuiet: Bool,
        printsResults: Bool,
        settings: Settings
    ) {
        items = plan.items
        self.console = console
        self.isQuiet = isQuiet
        self.printsResults = printsResults
        self.settings = settings
    }

    /// Runs to the end; an image that fails does not stop the others.
    func run(
        _ predictor: ImagePredictor,
        _ model: EmbeddingSignature.Model
    ) -> [EmbeddingReport] {
        items.map { item in
            do {
                let report = try embed(item, predictor, model)
                if printsResults { console.print(report.line) }
                report.warnings.forEach { console.printError("usam: \($0)") }
                return report
            } catch {
                return EmbeddingReport(failure: error, item)
            }
        }
    }

    private func embed(
        _ item: EmbeddingPlan.Item,
        _ predictor: ImagePredictor,
        _ model: EmbeddingSignature.Model
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
            throw CommandFailure(
                "\(item.input): --mask chooses tiles, but the image is not divided; "
                    + "give --tile-shape"
            )
        }
        if !isQuiet {
            let text = EmbeddingReport.announcement(item.input, input.size, options.tiling)
            console.printError(text ?? "")
        }
        var progress = ProgressLine(console, isQuiet: isQuiet)
        let mask = try settings.mask.map { try Self.mask($0) }
        let result = try predictor.embed(
            input,
            into: URL(filePath: item.output),
            model: model,
            options,
            mask: mask.map { mask in { plane in try mask(plane) } }
        ) { done, total in
            progress.show("\(item.output): \(done) of \(total) embeddings")
        }
        progress.clear()
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
                throw CommandFailure("\(file): the mask has no plane \(plane)")
            }
            let pixels = try stack.read(plane: place, Region(stack.size))
            return pixels.floats().map { $0 != 0 }
        }
    }
}
