public import Foundation
public import Torch

/// What a machine has to offer for a training.
public struct MachineResources: Codable, Hashable, Sendable {
    /// Processors that can be used.
    public var cores: Int

    /// Bytes of main memory that can be used.
    public var freeMemory: Int

    /// Bytes of the GPU's own memory that can be used, or nil if training is on the processor.
    public var gpuMemory: Int?

    /// Describes a machine.
    public init(cores: Int, freeMemory: Int, gpuMemory: Int? = nil) {
        self.cores = cores
        self.freeMemory = freeMemory
        self.gpuMemory = gpuMemory
    }

    /// This machine as it is now.
    ///
    /// - Throws: `TensorError` if the GPU does not tell its memory.
    public static func current(on device: Device) throws(TensorError) -> MachineResources {
        let memory = freeMemory()
        let gpuMemory: Int? =
            switch device.kind {
            case .cpu: nil
            // An Apple GPU works in main memory.
            case .mps: memory
            case .cuda: try device.unusedMemory()
            }
        let cores = ProcessInfo.processInfo.activeProcessorCount
        return MachineResources(
            cores: min(cores, max(Engine.threadCount, 1)),
            freeMemory: memory,
            gpuMemory: gpuMemory
        )
    }

    /// Bytes of main memory that this program can still use, by what the system says and by the limit
    /// of the group (container) that the program belongs to.
    ///
    /// - Parameter root: The folder that holds `proc` and `sys`.
    public static func freeMemory(root: URL = URL(filePath: "/")) -> Int {
        var bytes = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        if let text = text(root, "proc/meminfo"), let available = number("MemAvailable:", in: text)
        {
            bytes = available * 1024
        }
        for version in ControlGroups.allCases {
            let groups = text(root, "proc/self/cgroup")?.split(separator: "\n") ?? []
            // The path is seen from outside of a container, whose root is then the group.
            var path = groups.lazy.compactMap(version.path).first ?? ""
            while true {
                bytes = min(bytes, unused(root, version, path) ?? bytes)
                guard let slash = path.lastIndex(of: "/") else { break }
                path = String(path[..<slash])
            }
        }
        return max(bytes, 0)
    }

    /// What is left of a group's limit; pages of files that are not in use count as free.
    private static func unused(_ root: URL, _ version: ControlGroups, _ group: String) -> Int? {
        let folder = version.folder + group + "/memory."
        guard let limit = text(root, folder + version.limit).flatMap(firstNumber),
            let used = text(root, folder + version.usage).flatMap(firstNumber)
        else { return nil }
        let statistics = text(root, folder + "stat") ?? ""
        let bound = min(limit, 1 << 60)
        return max(bound - used + (number(version.reclaimable, in: statistics) ?? 0), 0)
    }

    private static func text(_ root: URL, _ path: String) -> String? {
        try? String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    private static func firstNumber(_ text: String) -> Int? {
        text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
    }

    /// The number behind a name at the beginning of a line.
    private static func number(_ name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count > 1, words[0] == name { return Int(words[1]) }
        }
        return nil
    }
}

/// The two forms in which Linux limits groups of processes.
private enum ControlGroups: CaseIterable {
    case version1, version2

    var folder: String { self == .version1 ? "sys/fs/cgroup/memory" : "sys/fs/cgroup" }
    var limit: String { self == .version1 ? "limit_in_bytes" : "max" }
    var usage: String { self == .version1 ? "usage_in_bytes" : "current" }
    var reclaimable: String { self == .version1 ? "total_inactive_file" : "inactive_file" }

    /// The path of the group in a line of `/proc/self/cgroup`.
    func path(in line: Substring) -> String? {
        let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == (self == .version1 ? "memory" : "") else { return nil }
        return parts[2] == "/" ? "" : String(parts[2])
    }
}
