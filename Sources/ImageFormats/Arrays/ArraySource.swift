import Foundation
import Imaging
import Zarr

/// An array of any number of dimensions in a container file: what Zarr, N5 and HDF5 have in common.
protocol ArraySource: Sendable {
    /// Number of elements along each dimension, slowest first.
    var shape: [Int] { get }

    /// Shape of the blocks that are read as a whole.
    var chunkShape: [Int] { get }

    /// How elements come out of ``readElements(of:into:)``.
    var samples: StoredSamples { get }

    /// Bits of one element in the file.
    var storedBits: Int { get }

    /// For the description of the image.
    var compressionName: String { get }

    /// Reads a region that lies in the array into memory of exactly its size, C order.
    // Safe because the target has as many bytes as the region; readers check that.
    func readElements(
        of region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError)

    /// Whether nothing of a region is stored.
    func isAbsent(_ region: ZarrRegion) -> Bool
}

extension ArraySource {
    func isAbsent(_ region: ZarrRegion) -> Bool { false }
}

extension ZarrArray: ArraySource {
    var chunkShape: [Int] { metadata.innerChunkShape ?? metadata.chunkShape }
    var samples: StoredSamples { StoredSamples(metadata.dataType) }
    var storedBits: Int { metadata.dataType == .bool ? 1 : metadata.dataType.byteCount * 8 }
    var compressionName: String { metadata.compression.name }

    func readElements(
        of region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the array compares the size of the target with that of the region.
        try zarr { () throws(ZarrError) in try read(region, into: target) }
    }

    func isAbsent(_ region: ZarrRegion) -> Bool { holdsNothing(of: region) }
}

extension N5Array: ArraySource {
    var samples: StoredSamples { StoredSamples(dataType) }
    var storedBits: Int { dataType.byteCount * 8 }
    var compressionName: String { compression.name }

    func readElements(
        of region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the array compares the size of the target with that of the region.
        try zarr { () throws(ZarrError) in try read(region, into: target) }
    }

    func isAbsent(_ region: ZarrRegion) -> Bool { holdsNothing(of: region) }
}

extension StoredSamples {
    fileprivate init(_ type: ZarrDataType) {
        switch type {
        case .bool, .uint8: self = .native(.uint8)
        case .int8: self = .native(.int8)
        case .uint16: self = .native(.uint16)
        case .int16: self = .native(.int16)
        case .uint32: self = .native(.uint32)
        case .int32: self = .native(.int32)
        case .uint64: self = .native(.uint64)
        case .int64: self = .native(.int64)
        case .float16: self = .half
        case .float32: self = .native(.float32)
        case .float64: self = .native(.float64)
        }
    }
}

extension ZarrCompression {
    fileprivate var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .zlib: "zlib"
        case .zstd: "zstd"
        case .bz2: "bz2"
        case .lz4, .lz4Java: "lz4"
        case .blosc(let blosc): "blosc (\(blosc.compressor))"
        }
    }
}

extension ImageFormatError {
    /// The same failure of a container, as a failure of an image.
    init(_ error: ZarrError) {
        let kind: Kind =
            switch error.kind {
            case .cannotOpen: .cannotOpen
            case .unsupported: .unsupported
            case .damaged: .damaged
            case .outOfRange: .outOfRange
            case .cannotWrite, .exists: .cannotWrite
            }
        self.init(kind, path: error.path, error.problem, advice: error.advice)
    }
}
