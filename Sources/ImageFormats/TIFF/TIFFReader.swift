import Imaging
import Synchronization

/// Reads the planes of one series of a TIFF file.
final class TIFFReader: PlaneReader {
    let description: ImageDescription

    private let handles: Mutex<Handles>
    private let layout: TIFFLayout
    private let limits: ReadingLimits
    private let conversion: TIFFColorConversion

    private struct Handles: ~Copyable {
        let tiff: TIFFFile
        let raw: RawFile
    }

    init(_ input: InputFile, options: ImageSource.Options) throws(ImageFormatError) {
        limits = ReadingLimits(
            path: input.path,
            byteCount: input.byteCount,
            maximumDecodedBytes: options.maximumDecodedBytes
        )
        let file = try TIFFFile(input)
        let directory = try TIFFDirectory(file, path: input.path, limits: limits)
        layout = try directory.layout(series: options.series)
        conversion = try TIFFColorConversion(
            layout: layout,
            file: file,
            requested: options.colorConversion
        )
        description = layout.description(
            series: directory.descriptions,
            conversion: conversion,
            byteCount: input.byteCount
        )
        handles = Mutex(Handles(tiff: file, raw: try RawFile(path: input.path)))
    }

    func read(
        _ plane: PlaneIndex,
        region: Region,
        level: Int
    ) throws(ImageFormatError) -> AnyRaster {
        let location = try layout.location(of: plane, level: level)
        let outcome: Result<AnyRaster, ImageFormatError> = handles.withLock { handles in
            do throws(ImageFormatError) {
                return .success(try decode(location, region, level, handles))
            } catch {
                return .failure(error)
            }
        }
        return try conversion.apply(to: outcome.get())
    }

    private func decode(
        _ location: TIFFPlaneLocation,
        _ region: Region,
        _ level: Int,
        _ handles: borrowing Handles
    ) throws(ImageFormatError) -> AnyRaster {
        try handles.tiff.select(location.directory)
        let page = try handles.tiff.page()
        guard page.size == layout.levels[level], page.samples == layout.page.samples,
            page.samplesPerPixel == layout.page.samplesPerPixel
        else {
            throw ImageFormatError(
                .damaged,
                path: limits.path,
                "the page at byte \(location.directory) differs from the others of its series",
                advice: "the file is damaged or has changed while it was read"
            )
        }
        try page.checkSize(limits)
        let pixels = TIFFPixels(
            page: page,
            region: region,
            picked: location.sample,
            stackOffset: location.stackOffset,
            path: limits.path
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
            try pixels.decode(handles.tiff, raw: handles.raw, into: raster)
        }
    }
}
