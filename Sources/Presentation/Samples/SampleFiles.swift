import Files
import Foundation
import ImageFormats
import Imaging
public import Jobs
import ModelZoo
public import Terminal

/// Writes samples, and says what was written.
public struct SampleFiles: Sendable {
    /// The name of the simulated image.
    public static let simulated = "simulated"

    /// The name of the simulated movie.
    public static let movie = "movie"

    /// The name of the simulated stack.
    public static let volume = "volume"

    /// The names of all samples.
    public static var names: [String] {
        [simulated, movie, volume] + SampleData.official.map(\.name)
    }

    /// What each sample is.
    public static var table: String {
        let simulated = [
            [simulated, "nuclei in fluorescence, simulated, with the true objects"],
            [movie, "nuclei that move and divide, simulated, with the true tracks"],
            [volume, "a confocal stack of nuclei, simulated, with the true objects"],
        ]
        return TextTable(rows: simulated + SampleData.official.map { [$0.name, $0.summary] }).text
    }

    private let sample: SimulatedSample
    private let folder: String?
    private let replaces: Bool
    private let console: Console

    /// Will write samples.
    ///
    /// - Parameters:
    ///   - sample: What is simulated.
    ///   - folder: Where files go; nil for the current folder, and for leaving downloads where they are.
    ///   - replaces: Whether other files of the same names are replaced.
    public init(
        _ sample: SimulatedSample,
        in folder: String?,
        replaces: Bool,
        _ console: Console
    ) {
        (self.sample, self.folder, self.replaces) = (sample, folder, replaces)
        self.console = console
    }

    /// Writes samples by their names.
    ///
    /// - Parameters:
    ///   - names: Those of ``names``; none for the simulated image.
    ///   - frameCount: Number of frames of the movie.
    ///   - sliceCount: Number of slices of the stack.
    ///   - spacing: Distance of the slices in pixels.
    /// - Throws: ``CommandFailure`` for a name that there is not, or if another file has the name of one that would be
    ///   written; an error that names the file that cannot be written; what downloading throws.
    public func write(
        _ names: [String],
        frameCount: Int,
        sliceCount: Int,
        spacing: Double
    ) async throws {
        let known = Self.names + SampleData.official.map(\.file.name)
        for name in names where !known.contains(name) {
            throw CommandFailure("there is no sample '\(name)'; 'usam sample --list' shows all")
        }
        for name in names.isEmpty ? [Self.simulated] : names {
            switch name {
            case Self.simulated: try writeSimulated()
            case Self.movie: try writeMovie(frameCount: frameCount)
            case Self.volume: try writeVolume(sliceCount: sliceCount, spacing: spacing)
            default: try await fetch(name)
            }
        }
    }

    /// Writes the simulated image and its true objects.
    private func writeSimulated() throws {
        let base = FileName.join(folder ?? ".", Self.simulated)
        try OutputPlan.makeFolder(for: base)
        let simulated = try sample.sample()
        let image = try AnyRaster.uint16(simulated.image).tiffData()
        if let old = try? Data(contentsOf: URL(filePath: base + ".tif")), old != image, !replaces {
            throw CommandFailure(
                "\(base).tif is another image; replace it with --force, or name a folder with --output"
            )
        }
        try FileReplacement.write([UInt8](image), to: base + ".tif")
        try simulated.labels.writeTIFF(to: URL(filePath: base + "_truth.tif"))
        let count = simulated.labels.objectLabels().count
        let objects = Wording.count(count, "nucleus", plural: "nuclei")
        console.print("\(base).tif: \(simulated.image.size) pixels, \(objects)")
        console.print("\(base)_truth.tif: the true objects")
    }

    /// Writes the simulated movie and its true tracks.
    private func writeMovie(frameCount: Int) throws {
        let base = FileName.join(folder ?? ".", Self.movie)
        try requireFree([base + ".tif", base + "_truth"])
        let tracks = try sample.movie(frameCount: frameCount)
            .write(to: base + ".tif", truth: base + "_truth", replacing: replaces)
        console.print(
            "\(base).tif: \(Wording.count(frameCount, "frame")) of \(sample.size) pixels, "
                + Wording.count(tracks, "track")
        )
        console.print("\(base)_truth: the true tracks")
    }

    /// Writes the simulated stack and its true objects.
    private func writeVolume(sliceCount: Int, spacing: Double) throws {
        let base = FileName.join(folder ?? ".", Self.volume)
        try requireFree([base + ".tif", base + "_truth.tif"])
        let volume = try sample.volume(sliceCount: sliceCount, spacing: spacing)
        try volume.write(to: base + ".tif", truth: base + "_truth.tif")
        console.print(
            "\(base).tif: \(Wording.count(sliceCount, "slice")) of \(sample.size) pixels, "
                + Wording.count(volume.objectCount, "nucleus", plural: "nuclei")
        )
        console.print("\(base)_truth.tif: the true objects")
    }

    /// Makes the folder of files that will be written, and refuses to replace others.
    private func requireFree(_ paths: [String]) throws {
        for path in paths {
            try OutputPlan.makeFolder(for: path)
            guard FileStatus(of: path) == nil || replaces else {
                throw CommandFailure(
                    "\(path) exists; replace it with --force, or name a folder with --output"
                )
            }
        }
    }

    /// Downloads a sample of micro-sam, and copies it to the folder.
    private func fetch(_ name: String) async throws {
        let file = try await withDownloadProgress(console) { progress in
            try await SampleData.standard.fetch(name, progress: progress)
        }
        guard let folder else { return console.print(file.path) }
        let target = FileName.join(folder, file.lastPathComponent)
        guard FileStatus(of: target) == nil else {
            return console.print("\(target): exists already")
        }
        try OutputPlan.makeFolder(for: target)
        do {
            try FileManager.default.copyItem(at: file, to: URL(filePath: target))
        } catch {
            throw CommandFailure("\(target): cannot be written: \(error.localizedDescription)")
        }
        console.print(target)
    }
}
