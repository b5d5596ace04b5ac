/// A set of defaults for a kind of machine.
public enum TrainingPreset: String, Codable, CaseIterable, Sendable {
    /// What fits the machine that is used.
    case auto
    /// As little memory and time as possible: a tablet, or a container with 2 GB.
    case minimal
    /// A few cores and a few GB.
    case laptop
    /// Many cores and much memory.
    case workstation
    /// A GPU; the number of objects depends on its memory.
    case gpu
    /// The defaults of micro-sam 1.8.
    case reference

    /// The preset for a machine.
    public static func suggested(for machine: MachineResources) -> TrainingPreset {
        if machine.gpuMemory != nil { return .gpu }
        if machine.freeMemory < 4 << 30 { return .minimal }
        return machine.cores >= 16 && machine.freeMemory >= 32 << 30 ? .workstation : .laptop
    }

    /// Objects per image and iteration.
    var objects: Int {
        switch self {
        case .minimal, .auto, .laptop: 4
        case .workstation: 15
        case .gpu, .reference: 25
        }
    }

    /// Predictions per iteration.
    var subIterations: Int {
        switch self {
        case .minimal: 2
        case .auto, .laptop: 3
        case .workstation, .gpu, .reference: 8
        }
    }

    /// Sides of crops that encoders without absolute positions work on, from the smallest to the largest.
    var cropSides: [Int] {
        switch self {
        case .minimal: [256]
        case .auto, .laptop: [256, 384, 512]
        case .workstation, .gpu: [512, 768, 1024]
        case .reference: [1024]
        }
    }

    /// Samples that a pass has at least; after each pass the validation data are seen.
    var samplesPerEpoch: Int {
        switch self {
        case .minimal, .auto, .laptop: 40
        case .workstation, .gpu, .reference: 100
        }
    }

    /// Whether both losses share a pass through the image encoder.
    var combinesSteps: Bool { self == .minimal || self == .laptop || self == .auto }
}
