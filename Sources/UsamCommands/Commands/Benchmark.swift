public import ArgumentParser
import Checkpoints
import Files
import Foundation
public import Jobs
import ModelZoo
import Presentation
import Prompting
import Segmentation
import Terminal
import Training

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// `usam benchmark`: times one part of the program; called by the benchmarks of the repository.
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time one part of the program and print JSON.",
        shouldDisplay: false
    )

    /// What is printed.
    struct Report: Encodable {
        /// Wall time of each repetition.
        var seconds: [Double]

        /// The most memory that the process had, in MB of 1000000 bytes.
        var peakRssMb: Double

        /// Number of objects found, where objects are looked for.
        var objects: Int?
    }

    @Argument(help: "What to time.") var part: BenchmarkPart
    @OptionGroup var model: ModelOptions
    @OptionGroup var machine: DeviceOptions

    @Option(help: ArgumentHelp("The image to work on.", valueName: "file"), completion: .file())
    var image: String?

    @Option(help: "How often the part is timed, after one run that does not count.")
    var repetitions = 3

    @Flag(help: "Accepted for uniformity; the output is always JSON.")
    var json = false

    func validate() throws {
        guard (1...10_000).contains(repetitions) else {
            throw ValidationError("--repetitions must be between 1 and 10000.")
        }
        guard [.load, .train, .trainLoRA].contains(part) || image != nil else {
            throw ValidationError("--image is needed to time '\(part.rawValue)'.")
        }
    }

    func run() async throws {
        let device = try machine.prepare()
        let weights = try await model.weights(.system, on: device)
        let (part, repetitions, image) = (part, repetitions, image ?? "")
        let (seconds, objects): ([Double], Int?) = try await interruptible(
            on: device,
            .system,
            notice: "stopping after this repetition"
        ) { work in
            switch part {
            case .train, .trainLoRA:
                let files = weights.files
                let start = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
                let benchmark = TrainingBenchmark(usesLoRA: part == .trainLoRA)
                return (try benchmark.run(start, steps: repetitions, on: device, work), nil)
            case .load:
                let seconds = try PartTimer.timed(repetitions, warmsUp: false) {
                    try work.checkpoint()
                    _ = try weights.load(on: device)
                }
                return (seconds, nil)
            default:
                let model = try weights.load(on: device)
                return try PartTimer(part, image: image, repetitions: repetitions)
                    .time(model.predictor, work)
            }
        }
        let report = Report(seconds: seconds, peakRssMb: Self.peakMegabytes, objects: objects)
        Console.system.print(try JSONText.encodeLine(report))
    }

    private static var peakMegabytes: Double {
        var usage = rusage()
        #if os(macOS)
            let (code, unit) = (getrusage(RUSAGE_SELF, &usage), 1.0)
        #else
            let (code, unit) = (getrusage(RUSAGE_SELF.rawValue, &usage), 1024.0)
        #endif
        return code == 0 ? (Double(usage.ru_maxrss) * unit / 1e5).rounded() / 10 : 0
    }
}

extension BenchmarkPart: ExpressibleByArgument {}
