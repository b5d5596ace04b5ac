import Foundation
import ImageFormats
import Imaging
import Testing

/// One entry of the manifest of sample files.
struct FormatSample: Decodable, Sendable, CustomTestStringConvertible {
    var path: String
    var axes: String
    var shape: [Int]
    var dtype: String
    var lossless: Bool?
    var sha256: String?
    var mean: Double?
    var levels: Levels?
    var labels: Labels?

    /// The label image inside of an OME-Zarr.
    struct Labels: Decodable, Sendable {
        var path: String
        var sha256: String
    }

    struct Level: Decodable, Sendable {
        var shape: [Int]
        var sha256: String?
    }

    /// Some entries list the levels, others only count them.
    enum Levels: Decodable, Sendable {
        case listed([Level])
        case counted(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let count = try? container.decode(Int.self) {
                self = .counted(count)
            } else {
                self = .listed(try container.decode([Level].self))
            }
        }
    }

    var testDescription: String { path }

    /// The samples of the manifest with one of these endings; empty without the sample files.
    static func all(endingIn endings: [String]) -> [FormatSample] {
        guard let data = try? Data(contentsOf: folder.appending(path: "manifest.json")) else {
            precondition(
                ProcessInfo.processInfo.environment["CI"] == nil,
                "the sample files beside the checkout (../shared/data/formats) are missing"
            )
            print("skipped: no sample files in ../shared/data/formats")
            return []
        }
        do {
            let entries = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
            return try entries.filter { entry in
                guard let path = entry["path"] as? String, entry["axes"] != nil else {
                    return false
                }
                return endings.contains { path.hasSuffix($0) || path.contains($0 + "#") }
            }.map { entry in
                let single = try JSONSerialization.data(withJSONObject: entry)
                return try JSONDecoder().decode(FormatSample.self, from: single)
            }
        } catch {
            preconditionFailure("the manifest of the sample files cannot be read: \(error)")
        }
    }

    static var folder: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "shared/data/formats")
    }

    var url: URL { FormatSample.folder.appending(path: String(path.prefix { $0 != "#" })) }

    /// What follows `#` in the path.
    var dataset: String? {
        path.firstIndex(of: "#").map { String(path[path.index(after: $0)...]) }
    }
}

/// All pixels of a source in C order of the axes named, in the little-endian form of `dtype`.
func pixels(
    of source: ImageSource,
    axes: String,
    dtype: String,
    level: Int = 0
) throws -> (bytes: [UInt8], mean: Double) {
    let extents = source.description.axes
    let outer = axes.filter { "TCZ".contains($0) }
    let sizes = outer.map { $0 == "T" ? extents.t : $0 == "C" ? extents.c : extents.z }
    var bytes: [UInt8] = []
    var sum = 0.0
    var count = 0
    for number in 0..<sizes.reduce(1, *) {
        var rest = number
        var plane = PlaneIndex()
        for (axis, size) in zip(outer, sizes).reversed() {
            switch axis {
            case "T": plane.t = rest % size
            case "C": plane.c = rest % size
            default: plane.z = rest % size
            }
            rest /= size
        }
        var raster = try source.read(plane, level: level)
        if axes.hasPrefix("S") { raster = raster.separated() }
        sum += raster.floats().samples.reduce(0) { $0 + Double($1) }
        count += raster.size.count * raster.channels
        bytes += raster.bytes(as: dtype)
    }
    return (bytes, sum / Double(count))
}

extension AnyRaster {
    fileprivate func bytes(as dtype: String) -> [UInt8] {
        if dtype == "float16", case .float32(let raster) = self {
            return raster.samples.map(Float16.init).withUnsafeBytes(Array.init)
        }
        switch self {
        case .uint8(let raster): return raster.samples
        case .int8(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .uint16(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .int16(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .uint32(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .int32(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .uint64(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .int64(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .float32(let raster): return raster.samples.withUnsafeBytes(Array.init)
        case .float64(let raster): return raster.samples.withUnsafeBytes(Array.init)
        }
    }

    /// The channels one after the other, as an image of one channel that is higher.
    fileprivate func separated() -> AnyRaster {
        switch self {
        case .uint8(let raster): .uint8(raster.separated())
        case .uint16(let raster): .uint16(raster.separated())
        default: self
        }
    }
}

extension Raster {
    fileprivate func separated() -> Raster {
        var separated: [Sample] = []
        for channel in 0..<channels {
            separated += stride(from: channel, to: samples.count, by: channels).map { samples[$0] }
        }
        let tall = Size(width: size.width, height: size.height * channels)
        do {
            return try Raster(size: tall, samples: separated)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}
