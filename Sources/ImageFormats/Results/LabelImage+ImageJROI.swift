import Files
public import Foundation
public import Imaging

extension LabelImage {
    /// Writes the outlines of all objects as an archive of ImageJ regions of interest (`RoiSet.zip`).
    ///
    /// An object that is one part without holes is a traced polygon, any other a composite region;
    /// either has exactly the pixels of the object. Regions are named by their labels.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced only when the new one is complete.
    ///   - slice: The slice of the stack that the regions belong to, from 1; nil for all.
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func writeImageJROIs(to url: URL, slice: Int? = nil) throws(ImageFormatError) {
        do throws(ZipError) {
            var archive = try ZipWriter(replacing: url.path)
            try appendRegions(to: &archive, slice)
            try archive.commit()
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// The bytes that ``writeImageJROIs(to:slice:)`` writes, in memory.
    public func imageJROIData(slice: Int? = nil) throws(ImageFormatError) -> Data {
        do throws(ZipError) {
            var archive = ZipWriter(to: MemorySink(), file: "an archive in memory")
            try appendRegions(to: &archive, slice)
            return Data(try archive.finish().bytes)
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// Adds the regions of all objects to an archive.
    ///
    /// - Parameters:
    ///   - prefix: Comes before the labels in the names.
    ///   - slice: The plane of the stack, from 1; nil for all.
    ///   - hyperstack: The place in a stack of several axes; nil for one axis.
    func appendRegions<Sink: ByteSink & ~Copyable>(
        to archive: inout ZipWriter<Sink>,
        _ slice: Int?,
        prefix: String = "",
        hyperstack: PlaneIndex? = nil
    ) throws(ZipError) {
        let polygons = Dictionary(grouping: polygons(), by: \.label)
        for (label, parts) in polygons.sorted(by: { $0.key < $1.key }) {
            let name = prefix + "\(label)"
            let encoder = ROIEncoder(name: name, slice: slice, hyperstack: hyperstack)
            try archive.append(name + ".roi", encoder.encoded(parts))
        }
    }
}

/// The binary form of one region, all numbers big-endian.
///
/// The layout is that of `RoiEncoder.java` in ImageJ 1.54.
private struct ROIEncoder {
    let name: String
    let slice: Int?
    let hyperstack: PlaneIndex?

    func encoded(_ parts: [LabelPolygon]) -> [UInt8] {
        let vertices = parts.flatMap { [$0.outline] + $0.holes }
        let all = vertices.flatMap { $0 }
        let xs = all.map { Int($0.x) }
        let ys = all.map { Int($0.y) }
        let left = xs.min() ?? 0
        let top = ys.min() ?? 0
        let right = xs.max() ?? 0
        let bottom = ys.max() ?? 0
        // Coordinates of polygons are 16-bit numbers; composite regions have floating-point ones.
        if vertices.count == 1, all.count <= 0x7FFF, right <= 0x7FFF, bottom <= 0x7FFF {
            let header = header(type: 8, (top, left, bottom, right), count: all.count, shapeSize: 0)
            let body = xs.flatMap { big($0 - left, 2) } + ys.flatMap { big($0 - top, 2) }
            return withName(header, body)
        }
        var shape: [Float] = []
        for ring in vertices {
            for (index, vertex) in ring.enumerated() {
                shape += [index == 0 ? 0 : 1, Float(vertex.x), Float(vertex.y)]
            }
            shape.append(4)
        }
        let limits = (min(top, 0x7FFF), min(left, 0x7FFF), min(bottom, 0x7FFF), min(right, 0x7FFF))
        let header = header(type: 1, limits, count: 0, shapeSize: shape.count)
        return withName(header, shape.flatMap { big(Int($0.bitPattern), 4) })
    }

    private func header(
        type: Int,
        _ limits: (top: Int, left: Int, bottom: Int, right: Int),
        count: Int,
        shapeSize: Int
    ) -> [UInt8] {
        var bytes = Array("Iout".utf8) + big(228, 2) + big(type, 1) + [0]
        bytes += big(limits.top, 2) + big(limits.left, 2) + big(limits.bottom, 2)
        bytes += big(limits.right, 2) + big(count, 2) + [UInt8](repeating: 0, count: 18)
        bytes += big(shapeSize, 4) + [UInt8](repeating: 0, count: 16) + big(slice ?? 0, 4)
        return bytes
    }

    /// Adds the second header, which holds the name, behind the coordinates.
    private func withName(_ header: [UInt8], _ body: [UInt8]) -> [UInt8] {
        let second = 64 + body.count
        let characters = Array(name.utf16)
        var bytes = header + big(second, 4) + body
        let place = hyperstack.map { [1, $0.z + 1, $0.t + 1] } ?? [0, 0, 0]
        bytes += big(0, 4) + place.flatMap { big($0, 4) }
        bytes += big(second + 64, 4) + big(characters.count, 4)
        bytes += [UInt8](repeating: 0, count: 40)
        return bytes + characters.flatMap { big(Int($0), 2) }
    }
}

/// The low bytes of a number, highest first.
private func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
}
