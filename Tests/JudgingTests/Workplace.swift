import Foundation
import ImageFormats
import Imaging

/// A temporary folder; removed with the object.
final class Workplace {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "usam-judging-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appending(path: name))
    }

    /// Writes labels drawn as rows of digits, one slice for each text.
    func writeLabels(_ slices: [String], to name: String) throws -> String {
        let rows = slices.map {
            $0.split(separator: "\n").map { $0.compactMap(\.wholeNumberValue) }
        }
        let size = Size(width: rows[0][0].count, height: rows[0].count)
        var writer = try TIFFWriter(
            creating: url.appending(path: name),
            axes: ImageAxes(z: slices.count, y: size.height, x: size.width),
            sampleType: .uint16
        )
        for slice in rows {
            let samples = slice.flatMap { $0 }.map { UInt16($0) }
            try writer.append(.uint16(Raster(size: size, samples: samples)))
        }
        try writer.finish()
        return path(name)
    }

    /// Writes a volume of labels of 32 bits, as TIFF or OME-Zarr by its name.
    func write(_ slices: [LabelImage], to name: String) throws -> String {
        let (size, url) = (slices[0].size, url.appending(path: name))
        let axes = ImageAxes(z: slices.count, y: size.height, x: size.width)
        if name.hasSuffix(".zarr") {
            let writer = try OMEZarrLabelWriter(creating: url, axes: axes, sampleType: .uint32)
            for (z, slice) in slices.enumerated() { try writer.write(slice, to: PlaneIndex(z: z)) }
            try writer.finish()
        } else {
            var writer = try TIFFWriter(creating: url, axes: axes, sampleType: .uint32)
            for slice in slices {
                try writer.append(.uint32(Raster(size: size, samples: slice.labels)))
            }
            try writer.finish()
        }
        return path(name)
    }
}
