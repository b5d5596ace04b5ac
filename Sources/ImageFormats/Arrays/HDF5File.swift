import CImageCodecs
import Imaging
import Zarr

/// An HDF5 file, which is opened anew for every call (see `mic_hdf5.h`).
struct HDF5File: Sendable {
    let path: String

    /// The names of all data sets of numbers; of very many only the first.
    func names() throws(ImageFormatError) -> [String] {
        var text = [CChar](repeating: 0, count: 1 << 16)
        var message = mic_hdf5_message()
        guard mic_hdf5_list(path, &text, text.count, &message) >= 0 else {
            throw failure("the contents", message)
        }
        let end = text.firstIndex(of: 0) ?? text.endIndex
        let names = String(decoding: text[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self)
        return names.split(separator: "\n").map(String.init)
    }

    func describe(_ name: String) throws(ImageFormatError) -> mic_hdf5_info {
        var info = mic_hdf5_info()
        var message = mic_hdf5_message()
        guard mic_hdf5_describe(path, name, &info, &message) == 0 else {
            throw failure("the data set '\(name)'", message)
        }
        return info
    }

    func read(
        _ name: String,
        _ info: mic_hdf5_info,
        _ region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the C function is told the size of the target, and all arguments outlive
        // the call.
        let start = region.start.map { UInt64($0) }
        let count = region.shape.map { UInt64($0) }
        var info = info
        var message = mic_hdf5_message()
        let code = mic_hdf5_read(
            path,
            name,
            &info,
            start,
            count,
            target.baseAddress,
            target.count,
            &message
        )
        guard code == 0 else { throw failure("the data set '\(name)'", message) }
    }

    private func failure(_ what: String, _ message: mic_hdf5_message) -> ImageFormatError {
        // Safe because the text is copied, up to its end or that of the array.
        let reason = withUnsafeBytes(of: message.text) { text in
            String(decoding: text.prefix { $0 != 0 }, as: UTF8.self)
        }
        return ImageFormatError(
            .damaged,
            path: path,
            "\(what) can not be read: \(reason)",
            advice: "check the name of the data set, or copy the file again"
        )
    }
}

/// A data set of numbers in an HDF5 file.
struct HDF5DataSet: ArraySource {
    let shape: [Int]
    let chunkShape: [Int]
    let samples: StoredSamples
    let storedBits: Int
    let compressionName = "HDF5"

    private let file: HDF5File
    private let name: String
    private let info: mic_hdf5_info

    init(_ name: String, in file: HDF5File, path: String) throws(ImageFormatError) {
        // Safe because the C arrays hold 64-bit numbers, are aligned for them, and are copied.
        let info = try file.describe(name)
        let rank = Int(info.rank)
        let sides = withUnsafeBytes(of: info.shape) { Array($0.bindMemory(to: UInt64.self)) }
        let chunks = withUnsafeBytes(of: info.chunk_shape) {
            Array($0.bindMemory(to: UInt64.self))
        }
        shape = sides[..<rank].map { Int(clamping: $0) }
        chunkShape = chunks[..<rank].map { Int(clamping: $0) }
        // Both products are bounded, so that no later arithmetic overflows; a chunk is decoded whole.
        guard ZarrRegion.isCountable(shape, limit: 1 << 56),
            ZarrRegion.isCountable(chunkShape, limit: 1 << 56)
        else {
            throw ImageFormatError(
                .tooLarge,
                path: path,
                "the data set '\(name)' of shape \(shape)",
                advice: "the file is damaged; copy it again"
            )
        }
        samples = StoredSamples(info)
        storedBits = Int(info.stored_bytes) * 8
        self.file = file
        self.name = name
        self.info = info
    }

    func readElements(
        of region: ZarrRegion,
        into target: UnsafeMutableRawBufferPointer
    ) throws(ImageFormatError) {
        // Safe because the C function compares the size of the target with that of the region.
        try file.read(name, info, region, into: target)
    }
}

extension StoredSamples {
    fileprivate init(_ info: mic_hdf5_info) {
        let isFloat = info.is_float != 0
        let isSigned = info.is_signed != 0
        switch info.memory_bytes {
        case 1: self = .native(isSigned ? .int8 : .uint8)
        case 2: self = .native(isSigned ? .int16 : .uint16)
        case 4: self = .native(isFloat ? .float32 : isSigned ? .int32 : .uint32)
        default: self = .native(isFloat ? .float64 : isSigned ? .int64 : .uint64)
        }
    }
}
