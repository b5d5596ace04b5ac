import Foundation
import Imaging
import Synchronization

/// Reads the planes of one series of a TIFF file, and of the files beside it that belong to it.
final class TIFFReader: PlaneReader {
    let description: ImageDescription

    private let sources: Mutex<Sources>
    private let layout: TIFFLayout
    private let limits: ReadingLimits
    private let conversion: TIFFColorConversion

    /// How planes lie across the pages; nil where pages are planes.
    var arrangement: TIFFArrangement? { layout.arrangement }

    /// The file, as the caller named it.
    var path: String { limits.path }

    /// Open files; of a set of many, those that were read last.
    private struct Sources: ~Copyable {
        let opened: TIFFSource
        var others: [(file: Int, source: TIFFSource)] = []

        init(_ opened: TIFFSource) { self.opened = opened }
    }

    /// More files of a set are not kept open.
    private static let mostOpenFiles = 16

    init(_ source: sending TIFFSource, options: ImageSource.Options) throws(ImageFormatError) {
        limits = source.limits
        let directory = try TIFFDirectory(source, dimensionNames: options.dimensionNames)
        layout = try directory.layout(series: options.series)
        conversion = try TIFFColorConversion(
            layout: layout,
            file: source.tiff,
            requested: options.colorConversion
        )
        description = layout.description(
            series: directory.descriptions,
            conversion: conversion,
            byteCount: source.limits.byteCount
        )
        sources = Mutex(Sources(source))
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        let location = try layout.location(of: plane, level: level)
        let outcome: Result<AnyRaster, ImageFormatError> = sources.withLock { sources in
            do throws(ImageFormatError) {
                let source = try source(location.place.file, &sources)
                return .success(try decode(location, region, level, source))
            } catch {
                return .failure(error)
            }
        }
        return try conversion.apply(to: outcome.get())
    }

    /// The file with this number; 0 is the one that was opened.
    private func source(
        _ file: Int,
        _ sources: inout Sources
    ) throws(ImageFormatError) -> TIFFSource {
        if file == 0 { return sources.opened }
        if let open = sources.others.first(where: { $0.file == file }) { return open.source }
        let folder = URL(filePath: limits.path).deletingLastPathComponent()
        let source = try TIFFSource(
            InputFile(url: folder.appending(path: layout.files[file - 1])),
            maximumDecodedBytes: limits.maximumDecodedBytes
        )
        if sources.others.count == Self.mostOpenFiles { sources.others.removeFirst() }
        sources.others.append((file, source))
        return source
    }

    private func decode(
        _ location: TIFFPlaneLocation,
        _ region: Region,
        _ level: Int,
        _ source: TIFFSource
    ) throws(ImageFormatError) -> AnyRaster {
        let directory = try directory(of: location, level, source)
        try source.tiff.select(directory)
        let page = try source.tiff.page()
        guard page.size == layout.levels[level], page.samples == layout.page.samples,
            page.samplesPerPixel == layout.page.samplesPerPixel
        else {
            throw ImageFormatError(
                .damaged,
                path: source.limits.path,
                "the page at byte \(directory) differs from the others of its series",
                advice: "the file is damaged or has changed while it was read"
            )
        }
        try page.checkSize(source.limits, source.tiff)
        let pixels = TIFFPixels(
            page: page,
            region: region,
            picked: location.sample,
            stackOffset: location.place.stackOffset,
            path: source.limits.path
        )
        try limits.checkDecoded(
            region.size,
            samples: pixels.channels,
            bytesPerSample: page.samples.sampleType.byteCount
        )
        return try AnyRaster.filled(
            page.samples.sampleType,
            size: region.size,
            channels: pixels.channels
        ) { raster throws(ImageFormatError) in
            try pixels.decode(source.tiff, raw: source.raw, into: raster)
        }
    }

    private func directory(
        of location: TIFFPlaneLocation,
        _ level: Int,
        _ source: TIFFSource
    ) throws(ImageFormatError) -> UInt64 {
        let pages = source.list.pages
        let number = location.place.page
        guard pages.indices.contains(number), let page = pages[number] else {
            throw ImageFormatError(
                .outOfRange,
                path: source.limits.path,
                "the file has no page \(number), which a plane needs",
                advice: "the file was not finished; export it again"
            )
        }
        guard let position = location.level else { return page.directory }
        guard page.subDirectories.indices.contains(position) else {
            throw ImageFormatError(
                .outOfRange,
                path: source.limits.path,
                "the plane has no resolution level \(level)",
                advice: "read level 0"
            )
        }
        return page.subDirectories[position]
    }
}
