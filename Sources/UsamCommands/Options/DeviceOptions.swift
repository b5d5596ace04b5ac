import ArgumentParser
import Files
import Presentation
import Torch

/// Where the networks run.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the model runs: auto, cpu, cuda, cuda:INDEX or mps.",
            discussion: "auto uses the GPU if there is one.",
            valueName: "device"
        ),
        completion: .list(["auto", "cpu", "cuda", "mps"])
    )
    var device: DeviceChoice = .automatic

    @Option(help: "Number of threads (default: the number of cores).")
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads is \(threads); it must be between 1 and 1024.")
        }
    }

    /// Checks that the device is there, and sets the number of threads.
    ///
    /// - Throws: ``CommandFailure`` that lists the devices there are; `TensorError` without libtorch.
    func prepare() throws -> Device {
        try Engine.load()
        if let threads { try Engine.setThreadCount(threads) }
        switch device {
        case .automatic:
            return .best
        case .named(let device):
            guard device.isAvailable else {
                throw CommandFailure(
                    "the device \(device) is not available here; use "
                        + "\(Wording.list(Device.available.map(\.description), "or"))"
                )
            }
            return device
        }
    }
}

/// A device, or the choice of one.
enum DeviceChoice: Hashable, Sendable {
    /// The fastest one there is.
    case automatic
    /// This one.
    case named(Device)
}

extension DeviceChoice: ExpressibleByArgument {
    init?(argument: String) {
        if argument == "auto" {
            self = .automatic
        } else if let device = Device(argument) {
            self = .named(device)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] { ["auto", "cpu", "cuda", "cuda:INDEX", "mps"] }

    var defaultValueDescription: String {
        switch self {
        case .automatic: "auto"
        case .named(let device): device.description
        }
    }
}
