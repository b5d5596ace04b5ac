import Foundation
import ImageFormats
import Imaging

/// A temporary folder with simulated images and labels; removed with the object.
final class DataFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("usam-data-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a simulated image and its labels, and returns their pair.
    @discardableResult
    func addPair(
        _ name: String,
        width: Int = 150,
        height: Int = 131,
        seed: UInt64 = 1,
        labels change: (LabelImage) -> LabelImage = { $0 }
    ) throws -> TrainingPairPaths {
        var simulator = NucleiSimulator(size: Size(width: width, height: height), seed: seed)
        simulator.meanRadius = 9
        let sample = try simulator.simulate()
        for folder in ["images", "labels"] {
            try FileManager.default.createDirectory(
                at: url.appendingPathComponent(folder),
                withIntermediateDirectories: true
            )
        }
        let paths = TrainingPairPaths(
            image: path("images/\(name).tif"),
            labels: path("labels/\(name).tif")
        )
        try AnyRaster.uint16(sample.image).writeTIFF(to: URL(filePath: paths.image))
        try change(sample.labels).writeTIFF(to: URL(filePath: paths.labels))
        return paths
    }
}

struct TrainingPairPaths {
    let image: String
    let labels: String
}
