import Checkpoints
import Evaluation
import Foundation
import Imaging
import JobSamples
import Prompting
import SegmentAnything
import Segmentation
import TestFixtures
import Testing

/// The trained ViT-T of the fixtures.
func trainedPredictor(_ behavior: ModelBehavior) throws -> ImagePredictor {
    let checkpoint = try SAMCheckpoint(
        contentsOf: Fixtures.folder.appendingPathComponent("vit_t_dsb.pt")
    )
    return ImagePredictor(try SegmentAnythingModel(checkpoint, behavior: behavior))
}

/// The networks of `QuickModel.brightness`, for tests of what happens around networks; all share them.
///
/// With `make slowtest` the trained ViT-T takes their place.
func quickNetworks() throws -> SegmentAnythingModel {
    QuickModel.areReplaced
        ? try trainedPredictor(.standard).model : try QuickNetworks.loaded.get()
}

private enum QuickNetworks {
    static let loaded = Result {
        try SegmentAnythingModel(SAMCheckpoint(contentsOf: QuickModel.brightness.url))
    }
}

/// What the decoder says of a fixture image in the reference's mode, computed once for all tests.
actor ReferenceRuns {
    /// A predictor, an embedding and maps that belong together.
    struct Run: Sendable {
        let predictor: ImagePredictor
        let embedding: ImageEmbedding
        let maps: InstanceMaps
    }

    static let shared = ReferenceRuns()
    private var runs: [String: Run] = [:]

    func run(_ image: String) throws -> Run {
        if let run = runs[image] { return run }
        let predictor = try runs.first?.value.predictor ?? trainedPredictor(.reference)
        let embedding = try predictor.embed(fixtureImage(image))
        let run = Run(
            predictor: predictor,
            embedding: embedding,
            maps: try predictor.instanceMaps(of: embedding)
        )
        runs[image] = run
        return run
    }
}

/// A fixture image as the predictor takes it.
func fixtureImage(_ name: String) throws -> Raster<UInt8> {
    let png = try Fixtures.png(name)
    let raster = try Raster(
        size: Size(width: png.width, height: png.height),
        channels: png.channels,
        samples: png.samples
    )
    return try AnyRaster.uint16(raster).normalizedRGB()
}

func expectClose(
    _ found: [Double],
    _ expected: [Double],
    _ tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(found.count == expected.count, sourceLocation: sourceLocation)
    let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(largest <= tolerance, sourceLocation: sourceLocation)
}

/// Expects the same stabilities, to 0.001 or to one pixel.
///
/// A stability is a ratio of numbers of pixels. One pixel whose logit lies at the threshold within the rounding of a
/// processor changes that of a small mask by more than 0.001.
func expectStabilities(
    of masks: [PredictedMask],
    _ expected: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(masks.count == expected.count, sourceLocation: sourceLocation)
    for (mask, stability) in zip(masks, expected) {
        let allowed = max(1e-3, 1 / Double(max(mask.pixels.area, 1)))
        #expect(abs(mask.stability - stability) <= allowed, sourceLocation: sourceLocation)
    }
}

/// Expects the same objects up to their numbers in at least 99.9 % of the pixels.
func expectSamePartition(
    _ found: LabelImage,
    _ fixture: String,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let png = try Fixtures.png("labels/\(fixture)")
    let expected = png.samples.map(UInt32.init)
    #expect(
        found.objectLabels().count == Set(expected).subtracting([0]).count,
        "\(fixture): objects",
        sourceLocation: sourceLocation
    )
    var counts: [UInt64: Int] = [:]
    for (a, b) in zip(found.labels, expected) {
        counts[UInt64(a) << 32 | UInt64(b), default: 0] += 1
    }
    var best: [UInt64: (other: UInt64, count: Int)] = [:]
    for (pair, count) in counts where count > best[pair >> 32]?.count ?? 0 {
        best[pair >> 32] = (pair & 0xFFFF_FFFF, count)
    }
    let agreeing = best.filter { ($0.key == 0) == ($0.value.other == 0) }
        .reduce(0) { $0 + $1.value.count }
    #expect(
        Double(agreeing) >= 0.999 * Double(expected.count),
        "\(fixture): \(expected.count - agreeing) of \(expected.count) pixels differ",
        sourceLocation: sourceLocation
    )
}

/// Expects the same masks, one to one, with IoU of at least 0.99 and scores within 0.001.
func expectSameMasks(_ found: [PredictedMask], _ reference: SafeTensors, _ name: String) throws {
    let shape = try reference.shape("\(name).masks_packed")
    let packed = try reference.integers("\(name).masks_packed")
    let scores = try reference.values("\(name).predicted_iou")
    let stabilities = try reference.values("\(name).stability_score")
    #expect(found.count == shape[0], "\(name): number of masks")
    var remaining = found
    for index in 0..<shape[0] {
        let size = found[0].pixels.size
        var raster = Raster(repeating: false, size: size)
        for pixel in raster.samples.indices {
            let (y, x) = (pixel / size.width, pixel % size.width)
            let byte = packed[(index * shape[1] + y) * shape[2] + x / 8]
            raster.samples[pixel] = byte >> (7 - x % 8) & 1 == 1
        }
        let expected = try RunLengthMask(raster)
        let match = remaining.firstIndex {
            $0.pixels.intersectionOverUnion(expected) >= 0.99
                && abs($0.score - scores[index]) <= 1e-3
                && abs($0.stability - stabilities[index]) <= 1e-3
        }
        guard let match else {
            Issue.record("\(name): no mask like number \(index) of the reference")
            continue
        }
        remaining.remove(at: match)
    }
}

extension Array {
    /// Consecutive parts of equal length.
    func chunked(_ count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<$0 + count]) }
    }
}
