import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Synchronization
import UsamCommands

/// A folder of its own for one test; removed with this value.
final class Workplace: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "usam-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    deinit {
        do {
            try FileManager.default.removeItem(atPath: folder)
        } catch {
            print("the test folder \(folder) stays behind: \(error)")
        }
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Writes bytes, and makes the folder they lie in.
    @discardableResult
    func write(_ bytes: [UInt8] = [], to name: String) throws -> String {
        let url = URL(filePath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(bytes).write(to: url)
        return path(name)
    }

    /// Writes a dark image with two bright rectangles, as TIFF or PNG by its name.
    @discardableResult
    func writeImage(_ name: String, width: Int = 61, height: Int = 40) throws -> String {
        var image = Raster<UInt8>(repeating: 10, size: Size(width: width, height: height))
        for y in 5..<15 {
            for x in 8..<20 { image[x: x, y: y] = 200 }
            for x in 30..<50 { image[x: x, y: y + 15] = 180 }
        }
        try write(to: name)
        let url = URL(filePath: path(name))
        if name.hasSuffix(".png") {
            try AnyRaster.uint8(image).writePNG(to: url)
        } else {
            try AnyRaster.uint8(image).writeTIFF(to: url)
        }
        return path(name)
    }

    /// The names of all files below a folder, sorted.
    func files(in name: String = "") throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path(name))
            .filter { FileStatus(of: path(name.isEmpty ? $0 : "\(name)/\($0)"))?.isFolder == false }
            .sorted()
    }
}

/// Collects what a command prints.
final class Transcript: Sendable {
    private let texts = Mutex((output: "", error: ""))

    var output: String { texts.withLock { $0.output } }
    var error: String { texts.withLock { $0.error } }

    func console(terminalWidth: Int? = nil) -> Console {
        Console(
            writeOutput: { text in self.texts.withLock { $0.output += text } },
            writeError: { text in self.texts.withLock { $0.error += text } },
            terminalWidth: { terminalWidth }
        )
    }
}

/// Stands in for the networks: bright pixels are objects.
struct BrightnessSegmenter: BatchSegmenter {
    /// Seconds that an image takes.
    var delay = 0.0

    func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork {
        let pixels = try image.normalized ?? image.raster.normalizedRGB()
        let bright = try clock.measure(.encode) {
            Thread.sleep(forTimeInterval: delay)
            return stride(from: 0, to: pixels.samples.count, by: 3).map { pixels.samples[$0] > 128 }
        }
        let maps = try clock.measure(.decode) {
            let foreground = try Raster(
                size: pixels.size,
                samples: bright.map { $0 ? Float(1) : 0 }
            )
            let distances = foreground.map { 1 - $0 }
            return try InstanceMaps(
                foreground: foreground,
                centerDistances: distances,
                boundaryDistances: distances
            )
        }
        return { try maps.segmented() }
    }
}

/// Tells when an image reaches the model.
struct WatchingSegmenter: BatchSegmenter {
    let onPredict: @Sendable () -> Void

    func predict(_ image: PreparedImage, _ clock: inout StageClock) throws -> RemainingWork {
        onPredict()
        let work = try BrightnessSegmenter().predict(image, &clock)
        return {
            // Long enough for another image to overtake, if it may.
            Thread.sleep(forTimeInterval: 0.05)
            return try work()
        }
    }
}

/// Runs a batch to its end.
func run(
    _ items: [BatchItem],
    _ settings: SegmentationBatch.Settings = SegmentationBatch.Settings(),
    on console: Console = Transcript().console(),
    printsResults: Bool = true,
    manifest: RunManifest? = nil,
    with segmenter: @escaping @Sendable () throws -> any BatchSegmenter = { BrightnessSegmenter() }
) async -> BatchRun.Result {
    let report = BatchReport(
        images: items.count,
        model: BatchReport.Model(name: "fake", architecture: "none", file: "none"),
        device: "cpu",
        threads: 1,
        settings: settings.segmentation
    )
    let presenter = BatchPresenter(
        report,
        items: items,
        console: console,
        printsResults: printsResults,
        isQuiet: false
    )
    let batch = SegmentationBatch(
        items: items,
        settings: settings,
        manifest: manifest,
        makeSegmenter: segmenter
    )
    return await BatchRun(batch: batch, presenter: presenter).result()
}

/// The first line of a manifest of the stand-in.
func manifestHeader(
    _ settings: SegmentationSettings = SegmentationSettings(),
    replacesResults: Bool = false
) -> ManifestHeader {
    ManifestHeader(
        started: "2026-01-01T00:00:00Z",
        libtorch: "none",
        device: "cpu",
        threads: 1,
        model: ManifestModel(name: "fake", architecture: "none", hash: "xxh128:0"),
        settings: settings,
        replacesResults: replacesResults
    )
}
