public import Files
public import Foundation

/// A data set of an N5 container in the local file system, for reading.
///
/// N5 lists dimensions with the fastest first; here, as everywhere else in this library, the slowest
/// comes first: `dimensions: [80, 96, 16]` has the shape `[16, 96, 80]`.
public struct N5Array: Sendable {
    /// The folder of the data set.
    public let url: URL

    /// Number of elements along each dimension, slowest first.
    public let shape: [Int]

    /// Shape of the blocks that are files of their own; those at the end are smaller.
    public let chunkShape: [Int]

    /// The type of the elements.
    public let dataType: ZarrDataType

    /// The compression of the blocks.
    public let compression: ZarrCompression

    /// The attributes of the data set, its shape and type among them.
    public let attributes: JSONObject

    /// Opens an existing data set.
    public init(opening url: URL) throws(ZarrError) {
        let path = url.appending(path: "attributes.json").path
        guard let attributes = try FileStore().readJSON(path)?.object,
            let dimensions = attributes["dimensions"]?.integers,
            let blocks = attributes["blockSize"]?.integers
        else {
            throw ZarrError(
                .cannotOpen,
                path: path,
                "no N5 data set",
                advice: "name a data set inside the container"
            )
        }
        let name = attributes["dataType"]?.string ?? ""
        guard let type = ZarrDataType(rawValue: name), type != .bool, type != .float16 else {
            throw .unsupported(path, "the data type \(name) is not read", advice: "use numbers")
        }
        let compression = try ZarrCompression(n5: attributes, path)
        // The metadata of Zarr makes the same demands on shapes.
        let checked = try ZarrArrayMetadata(
            format: .v2,
            shape: dimensions.reversed(),
            chunkShape: blocks.reversed(),
            dataType: type,
            fillValue: 0,
            keys: .plain("/"),
            codec: ChunkCodec(),
            path: path
        )
        self.url = url
        shape = checked.shape
        chunkShape = checked.chunkShape
        dataType = type
        self.compression = compression
        self.attributes = attributes
    }

    /// Whether a folder holds a data set.
    public static func exists(at url: URL) -> Bool { attributes(of: url)["dimensions"] != nil }

    /// Whether a folder is the root of a container.
    public static func isContainer(at url: URL) -> Bool { attributes(of: url)["n5"] != nil }

    /// The attributes of a group or data set; none where there are none that can be read.
    public static func attributes(of url: URL) -> JSONObject {
        do throws(ZarrError) {
            let json = try FileStore().readJSON(url.appending(path: "attributes.json").path)
            return json?.object ?? JSONObject()
        } catch {
            return JSONObject()
        }
    }

    /// Reads a region into memory of exactly its size; blocks that were never written are 0.
    ///
    /// - Throws: ``ZarrError`` if the region is not in the array, the memory has another size, or a
    ///   block is damaged.
    public func read(
        _ region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ZarrError) {
        // Safe because the size of the target was checked, and the part lies in the block and in
        // the region.
        guard region.isInside(shape), target.count == region.count * dataType.byteCount else {
            throw ZarrError(
                .outOfRange,
                path: url.path,
                "the region of shape \(region.shape) at \(region.start)",
                advice: "the array has the shape \(shape)"
            )
        }
        target.initializeMemory(as: UInt8.self, repeating: 0)
        let first = zip(region.start, chunkShape).map { $0 / $1 }
        let counts = shape.indices.map { axis in
            (region.start[axis] + region.shape[axis] - 1) / chunkShape[axis] - first[axis] + 1
        }
        var index = [Int](repeating: 0, count: shape.count)
        repeat {
            let block = zip(first, index).map { $0 + $1 }
            guard let (elements, blockRegion) = try readBlock(block) else { continue }
            guard let part = blockRegion.intersection(region) else { continue }
            elements.withUnsafeBytes { source in
                copy(
                    part,
                    from: source,
                    of: blockRegion,
                    to: target,
                    of: region,
                    size: dataType.byteCount
                )
            }
        } while advance(&index, within: counts, dimensions: counts.count)
    }

    /// Whether not one block of a region is stored; false of a region with very many blocks, because looking
    /// for them takes time, and of one that is not in the array.
    public func holdsNothing(of region: ZarrRegion) -> Bool {
        guard region.isInside(shape), region.count > 0 else { return false }
        let first = zip(region.start, chunkShape).map { $0 / $1 }
        let counts = shape.indices.map { axis in
            (region.start[axis] + region.shape[axis] - 1) / chunkShape[axis] - first[axis] + 1
        }
        var index = [Int](repeating: 0, count: shape.count)
        var looked = 0
        repeat {
            looked += 1
            let path = path(ofBlock: zip(first, index).map { $0 + $1 })
            guard looked <= ZarrArray.mostLookedFor, FileStore().size(of: path) == nil else {
                return false
            }
        } while advance(&index, within: counts, dimensions: counts.count)
        return true
    }

    private func path(ofBlock index: [Int]) -> String {
        url.appending(path: index.reversed().map(String.init).joined(separator: "/")).path
    }

    /// The elements of a block and where they lie; nil if it was never written.
    private func readBlock(_ index: [Int]) throws(ZarrError) -> ([UInt8], ZarrRegion)? {
        let path = path(ofBlock: index)
        guard let bytes = try FileStore().read(path, range: nil, limit: ZarrArray.maximumChunkBytes)
        else {
            return nil
        }
        let rank = shape.count
        guard bytes.count >= 4 + 4 * rank, number(bytes, 2, 2) == rank else {
            throw .damaged(path, "the header of the block")
        }
        let mode = number(bytes, 0, 2)
        guard mode <= 1 else { throw .unsupported(path, "blocks of mode \(mode) are not read") }
        let sides = Array((0..<rank).map { number(bytes, 4 + 4 * $0, 4) }.reversed())
        guard zip(sides, chunkShape).allSatisfy({ $0 > 0 && $0 <= $1 }) else {
            throw .damaged(path, "a block of the shape \(sides)")
        }
        guard sides.reduce(dataType.byteCount, *) <= ZarrArray.maximumChunkBytes else {
            throw .unsupported(
                path,
                "a block of \(sides) is too large to be decoded as a whole",
                advice: "save the data set with smaller blocks"
            )
        }
        let start = 4 + 4 * rank + (mode == 1 ? 4 : 0)
        let codec = ChunkCodec(
            isBigEndian: true,
            byteCodecs: compression == .none ? [] : [.compression(compression)]
        )
        guard
            let elements = codec.decoded(
                Array(bytes.dropFirst(start)),
                shape: sides,
                elementSize: dataType.byteCount
            )
        else { throw .damaged(path, "the block cannot be decoded") }
        let origin = zip(index, chunkShape).map { $0 * $1 }
        return (elements, ZarrRegion(start: origin, shape: sides))
    }
}

/// A big-endian number of some bytes.
private func number(_ bytes: [UInt8], _ position: Int, _ count: Int) -> Int {
    bytes[position..<position + count].reduce(0) { $0 << 8 | Int($1) }
}

extension ZarrCompression {
    fileprivate init(n5 attributes: JSONObject, _ path: String) throws(ZarrError) {
        let json = attributes["compression"]
        // Early containers name the compression directly.
        let type = json?["type"]?.string ?? attributes["compressionType"]?.string ?? "raw"
        switch type {
        case "raw": self = .none
        case "gzip": self = .gzip(level: 6)
        case "zstd": self = .zstd(level: 3)
        case "blosc": self = .blosc(Blosc())
        case "bzip2": self = .bz2(level: 9)
        case "lz4": self = .lz4Java
        default:
            throw .unsupported(
                path,
                "the compression \(type) of N5 is not read",
                advice: "save the data set with gzip, zstd, bzip2, lz4, blosc, or raw"
            )
        }
    }
}
