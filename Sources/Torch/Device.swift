import CTorch

/// Where tensors live and operations run.
public struct Device: Hashable, Sendable {
    /// The kinds of device.
    public enum Kind: Int32, Hashable, Sendable, CaseIterable {
        /// The processor.
        case cpu = 0
        /// An NVIDIA GPU.
        case cuda
        /// An Apple GPU.
        case mps
    }

    /// The kind of device.
    public let kind: Kind

    /// Which of several devices of this kind, from 0.
    public let index: Int

    /// Names one device; says nothing about whether it exists.
    public init(_ kind: Kind, index: Int = 0) {
        self.kind = kind
        self.index = index
    }

    /// The processor.
    public static let cpu = Device(.cpu)

    /// Whether the device exists and libtorch can use it now.
    public var isAvailable: Bool { index >= 0 && index < Device.count(of: kind) }

    /// Number of devices of a kind that can be used now.
    public static func count(of kind: Kind) -> Int { Int(ms_device_count(kind.rawValue)) }

    /// The first CUDA device, else the Apple GPU, else the processor.
    public static var best: Device {
        for kind in [Kind.cuda, .mps] where count(of: kind) > 0 { return Device(kind) }
        return .cpu
    }

    /// All devices that can be used now.
    public static var available: [Device] {
        Kind.allCases.flatMap { kind in
            (0..<max(count(of: kind), 0)).map { Device(kind, index: $0) }
        }
    }

    /// Waits until all work queued on the device is done.
    public func synchronize() throws(TensorError) {
        try check("synchronize", [], ms_device_synchronize(native))
    }

    /// Bytes of the memory of a GPU that no program uses now.
    ///
    /// - Throws: ``TensorError`` for the processor, whose memory libtorch does not know.
    public func unusedMemory() throws(TensorError) -> Int {
        var bytes: Int64 = 0
        try check("device memory", [], ms_device_unused_memory(native, &bytes))
        return Int(bytes)
    }

    var native: ms_device { ms_device(kind: kind.rawValue, index: Int32(index)) }

    init(_ native: ms_device) {
        self.init(Kind(rawValue: native.kind) ?? .cpu, index: Int(native.index))
    }
}

extension Device: LosslessStringConvertible {
    /// `cpu`, `mps`, `cuda` or `cuda:1`.
    public var description: String {
        switch kind {
        case .cpu: "cpu"
        case .mps: "mps"
        case .cuda: index == 0 ? "cuda" : "cuda:\(index)"
        }
    }

    /// Reads `cpu`, `mps`, `cuda` or `cuda:INDEX`; nil for anything else.
    public init?(_ description: String) {
        switch description {
        case "cpu": self = .cpu
        case "mps": self.init(.mps)
        case "cuda": self.init(.cuda)
        default:
            guard description.hasPrefix("cuda:"), let index = Int(description.dropFirst(5)),
                index >= 0
            else { return nil }
            self.init(.cuda, index: index)
        }
    }
}

/// Settings of libtorch that hold for the whole process.
public enum Engine {
    /// Loads libtorch, which the first operation does otherwise: some 0.1 s and 90 MB.
    ///
    /// - Throws: ``TensorError/unavailable(reason:)`` if it or the part of the program over it cannot be opened.
    public static func load() throws(TensorError) {
        try check("load libtorch", [], ms_library_load())
    }

    /// The version of libtorch; `none` if there is none.
    public static var version: String { String(cString: ms_libtorch_version()) }

    /// Threads that one operation may use.
    public static var threadCount: Int { Int(ms_thread_count()) }

    /// Sets the number of threads that one operation may use; at least 1.
    public static func setThreadCount(_ count: Int) throws(TensorError) {
        try check("set thread count", [], ms_thread_count_set(Int32(clamping: count)))
    }

    /// Seeds the default generators of all devices.
    public static func seed(_ seed: UInt64) throws(TensorError) {
        try check("seed", [], ms_seed_all(seed))
    }
}
