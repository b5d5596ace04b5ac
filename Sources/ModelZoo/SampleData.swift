import Files
public import Foundation

/// A public image that micro-sam offers for trying things out.
public struct Sample: Hashable, Sendable {
    /// A short name.
    public let name: String
    /// What is in it.
    public let summary: String
    /// The file.
    public let file: RegisteredFile

    /// Describes a sample.
    public init(name: String, summary: String, file: RegisteredFile) {
        self.name = name
        self.summary = summary
        self.file = file
    }

    /// Whether the file is an archive that has to be unpacked.
    public var isArchive: Bool { file.name.hasSuffix(".zip") }
}

/// The public sample data, kept in `sample_data` of the cache folder, as micro-sam does.
public struct SampleData: Sendable {
    /// Where the samples lie.
    public let folder: URL
    /// The samples that can be fetched.
    public let samples: [Sample]

    private let downloader: Downloader

    /// The official samples in the cache folder shared with micro-sam.
    public static var standard: SampleData { SampleData(cache: CacheFolder.url()) }

    /// Samples with their own cache.
    public init(
        cache: URL,
        samples: [Sample] = SampleData.official,
        downloader: Downloader = Downloader()
    ) {
        folder = cache.appendingPathComponent("sample_data", isDirectory: true)
        self.samples = samples
        self.downloader = downloader
    }

    /// Downloads a sample if it is not there, and unpacks it if it is an archive.
    ///
    /// - Parameters:
    ///   - name: The short name, or the name of the file.
    ///   - progress: Told about the download as it goes on, from any thread.
    /// - Returns: The image, or the folder with the unpacked images.
    /// - Throws: ``ModelZooError``, or `CancellationError` when the task is cancelled.
    public func fetch(_ name: String, progress: Downloader.ProgressHandler? = nil) async throws
        -> URL
    {
        guard let sample = samples.first(where: { $0.name == name || $0.file.name == name }) else {
            throw ModelZooError.unknownName(name, suggestions: samples.map { "'\($0.name)'" })
        }
        let url = folder.appendingPathComponent(sample.file.name)
        try await downloader.fetch(sample.file, to: url, progress: progress)
        guard sample.isArchive else { return url }
        let unpacked = folder.appendingPathComponent(sample.file.name + ".unzip", isDirectory: true)
        try Unpacker.unpack(url, to: unpacked)
        return unpacked
    }

    /// The samples of micro-sam 1.8.
    public static let official: [Sample] = [
        sample(
            "series",
            "image-series.zip",
            "\(gwdg)/M1zGnfkulWoAhUG/download",
            "92346ca9770bcaf55248efee590718d54c7135b6ebca15d669f3b77b6afc8706",
            "three microscopy images"
        ),
        sample(
            "wholeslide",
            "whole-slide-example-image.tif",
            "\(gwdg)/6ozPtgBmAAJC1di/download",
            "3ddb9c9dcc844429932ab951eb0743d5a1af83ee9b0ab54f06ceb2090a606d36",
            "part of a whole-slide image"
        ),
        sample(
            "livecell",
            "livecell-2d-image.png",
            "\(gwdg)/fSaOJIOYjmFBjPM/download",
            "4f190983ea672fc333ac26d735d9625d5abb6e4a02bd4d32523127977a31e8fe",
            "cells in phase contrast"
        ),
        sample(
            "hela",
            "hela-2d-image.png",
            "\(gwdg)/2sr1DHQ34tV7WEb/download",
            "908fa00e4b273610aa4e0a9c0f22dfa64a524970852f387908f3fa65238259c7",
            "HeLa cells in fluorescence"
        ),
        sample(
            "lucchi",
            "lucchi_pp.zip",
            "http://www.casser.io/files/lucchi_pp.zip",
            "770ce9e98fc6f29c1b1a250c637e6c5125f2b5f1260e5a7687b55a79e2e8844d",
            "mitochondria in electron microscopy, 165 slices"
        ),
        sample(
            "tracking",
            "DIC-C2DH-HeLa.zip",
            "http://data.celltrackingchallenge.net/training-datasets/DIC-C2DH-HeLa.zip",
            "832fed2d05bb7488cf9c51a2994b75f8f3f53b3c3098856211f2d39023c34e1a",
            "HeLa cells over time"
        ),
        sample(
            "tracking-truth",
            "hela-ctc-01-gt.zip",
            "\(gwdg)/AWxQMblxwR99OjC/download",
            "c0644d8ebe1390fb60125560ba15aa2342caf44f50ff0667a0318ea0ac6c958b",
            "the true cells of the sample 'tracking'"
        ),
        sample(
            "nuclei-3d",
            "3d-nucleus-data.tif",
            "\(gwdg)/eW0uNCo8gedzWU4/download",
            "4946896f747dc1c3fc82fb2e1320226d92f99d22be88ea5f9c37e3ba4e281205",
            "nuclei in three dimensions"
        ),
        sample(
            "histopathology",
            "whole-slide-histopathology-example-image.svs",
            "https://openslide.cs.cmu.edu/download/openslide-testdata/Aperio/CMU-1.svs",
            "00a3d54482cd707abf254fe69dccc8d06b8ff757a1663f1290c23418c480eb30",
            "a stained whole slide"
        ),
    ].compactMap { $0 }

    private static let gwdg = "https://owncloud.gwdg.de/index.php/s"

    private static func sample(
        _ name: String,
        _ file: String,
        _ address: String,
        _ hash: String,
        _ summary: String
    ) -> Sample? {
        URL(string: address).map {
            Sample(
                name: name,
                summary: summary,
                file: RegisteredFile(name: file, url: $0, digest: FileDigest(.sha256, hash))
            )
        }
    }
}
