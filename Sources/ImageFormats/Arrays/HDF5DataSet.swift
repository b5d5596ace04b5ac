import CImageCodecs
import Files
import Imaging
import Prompting
import Zarr

/// A data set of numbers in an HDF5 file, and what programs have written about it.
struct HDF5DataSet: ArraySource {
    let shape: [Int]
    let chunkShape: [Int]
    let samples: StoredSamples
    let storedBits: Int
    let compressionName = "HDF5"

    /// The names of the dimensions by vigra's `axistags`, or by the labels of HDF5's own dimension
    /// scales; nil if the file says nothing.
    let dimensionNames: [String]?

    /// Whether MATLAB wrote it, which counts dimensions from the other end.
    let isColumnMajor: Bool

    /// Size of an element along z, y and x, or along all dimensions, in µm; empty if not known.
    let elementSize: [Double]

    /// What is understood in another way than it is stored.
    let notes: [ReadingNote]

    private let file: HDF5File
    private let name: String
    private let info: mic_hdf5_info

    init(_ name: String, in file: HDF5File) throws(ImageFormatError) {
        // Safe because the C arrays hold 64-bit numbers, are aligned for them, and are copied.
        let info = try file.describe(name)
        let rank = Int(info.rank)
        let sides = withUnsafeBytes(of: info.shape) { Array($0.bindMemory(to: UInt64.self)) }
        let chunks = withUnsafeBytes(of: info.chunk_shape) {
            Array($0.bindMemory(to: UInt64.self))
        }
        let sizes = withUnsafeBytes(of: info.element_size) {
            Array($0.bindMemory(to: Double.self))
        }
        shape = sides[..<rank].map { Int(clamping: $0) }
        chunkShape = chunks[..<rank].map { Int(clamping: $0) }
        // Both products are bounded, so that no later arithmetic overflows; a chunk is decoded whole.
        guard ZarrRegion.isCountable(shape, limit: 1 << 56),
            ZarrRegion.isCountable(chunkShape, limit: 1 << 56)
        else {
            throw ImageFormatError(
                .tooLarge,
                path: file.path,
                "the data set '\(name)' of shape \(shape)",
                advice: "the file is damaged; copy it again"
            )
        }
        let isUnsigned =
            isOfBigDataViewer(name) && info.is_signed != 0 && info.memory_bytes == 2
        samples = StoredSamples(info, isUnsigned: isUnsigned)
        storedBits = Int(info.stored_bytes) * 8
        let names = vigraNames(cText(info.axis_tags)) ?? labels(cText(info.dimension_labels))
        dimensionNames = names?.count == rank ? names : nil
        isColumnMajor = info.is_column_major != 0
        var notes: [ReadingNote] = []
        if isUnsigned {
            notes.append(.note("its numbers are taken as unsigned, as in BigDataViewer"))
        }
        if isColumnMajor, names == nil {
            notes.append(.note("its first dimension is taken as the rows, as in MATLAB"))
        }
        self.notes = notes
        elementSize = Array(sizes[..<Int(info.element_size_count)])
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

    /// Whether it can be the other one in less detail.
    func isReduction(of other: HDF5DataSet) -> Bool {
        shape.count == other.shape.count && !shape.contains(0)
            && zip(shape, other.shape).allSatisfy { $0 <= $1 } && shape != other.shape
    }

    func isAbsent(_ region: ZarrRegion) -> Bool { info.is_empty != 0 }

    /// The size of a pixel, as far as the file tells.
    func physicalSize(_ layout: ArrayLayout) -> PhysicalSize {
        let names: [Character] =
            elementSize.count == shape.count
            ? layout.names : Array("zyx".suffix(elementSize.count))
        var size = PhysicalSize()
        for (name, value) in zip(names, elementSize) where value.isFinite && value > 0 {
            size.setLength(String(name), value)
        }
        if !size.isEmpty { size.unit = "\u{B5}m" }
        return size
    }
}

/// The keys of vigra's axis tags, slowest dimension first; nil if the text is something else.
private func vigraNames(_ text: String) -> [String]? {
    // What is no JSON says nothing.
    guard !text.isEmpty, let json = try? JSONValue(parsing: Array(text.utf8)) else { return nil }
    let names = json["axes"]?.array?.map { $0["key"]?.string ?? "" }
    return names?.isEmpty == false ? names : nil
}

/// Labels of dimensions, one a line; nil if none says anything.
private func labels(_ text: String) -> [String]? {
    let names = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return names.allSatisfy(\.isEmpty) ? nil : names.map(String.init)
}

/// Whether a name is one that BigDataViewer gives, whose 16 bits are stored as signed and meant unsigned.
private func isOfBigDataViewer(_ name: String) -> Bool { HDF5Level(name)?.canBeRead == true }

extension StoredSamples {
    /// - Parameter isUnsigned: Whether 16 bits are meant unsigned, whatever the file says.
    fileprivate init(_ info: mic_hdf5_info, isUnsigned: Bool) {
        let isFloat = info.is_float != 0
        let isSigned = info.is_signed != 0
        switch info.memory_bytes {
        case 1: self = .native(isSigned ? .int8 : .uint8)
        case 2: self = .native(isSigned && !isUnsigned ? .int16 : .uint16)
        case 4: self = .native(isFloat ? .float32 : isSigned ? .int32 : .uint32)
        default: self = .native(isFloat ? .float64 : isSigned ? .int64 : .uint64)
        }
    }
}
