import ArgumentParser
import Checkpoints
import Files
import Foundation
import ImageFormats
import Imaging
import Jobs
import ModelZoo
import Prompting
import SegmentAnything
import Segmentation
import Terminal

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

    /// What can be timed.
    enum Part: String, CaseIterable, ExpressibleByArgument {
        /// Opening the checkpoint and building the networks.
        case load
        /// Preparing an image, and the image encoder.
        case encoder
        /// The image encoder on the tiles of a large image, in the standard division.
        case tiles
        /// The decoder for automatic segmentation.
        case decoder
        /// From maps to objects.
        case postprocess
        /// From a file to objects, the model being loaded.
        case process
        /// One point as prompt, the embedding being there; three masks.
        case point
        /// 256 boxes as prompts, the embedding being there.
        case boxes
        /// Automatic mask generation with 32 x 32 points, all candidates and then the filter.
        case amg
        /// The same where the threshold of the scores is known before.
        case amgFiltered = "amg-filtered"
        /// Prompts from the decoder's maps, which are there.
        case apg
        /// A step of joint training, on a simulated image of 512 x 512.
        case train
        /// The same with LoRA of rank 4 in the image encoder.
        case trainLoRA = "train-lora"
    }

    /// What is printed.
    struct Report: Encodable {
        /// Wall time of each repetition.
        var seconds: [Double]

        /// The most memory that the process had, in MB of 1000000 bytes.
        var peakRssMb: Double

        /// Number of objects found, where objects are looked for.
        var objects: Int?
    }

    @Argument(help: "What to time.") var part: Part
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
        let weights = try await model.weights(.system)
        var objects: Int?
        let seconds: [Double]
        if part == .train || part == .trainLoRA {
            let files = weights.files
            let start = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
            seconds = try TrainingBenchmark(usesLoRA: part == .trainLoRA)
                .run(start, steps: repetitions, on: device)
        } else if part == .load {
            seconds = try timed(warmsUp: false) {
                _ = try weights.load(on: device)
            }
        } else {
            (seconds, objects) = try time(weights.load(on: device).predictor)
        }
        let report = Report(seconds: seconds, peakRssMb: Self.peakMegabytes, objects: objects)
        Console.system.print(try JSONText.encodeLine(report))
    }

    private func time(_ predictor: ImagePredictor) throws -> ([Double], Int?) {
        let raster = try PlaneSource(opening: image ?? "").read()
        if part == .encoder {
            return (try timed { _ = try predictor.embed(raster.normalizedRGB()) }, nil)
        }
        if part == .tiles {
            let blocking = try TilingOptions.standard.blocking(of: raster.size)
            return (try timed { _ = try predictor.embed(tilesOf: raster, blocking) }, nil)
        }
        if part == .process {
            var objects = 0
            let seconds = try timed {
                let pixels = try PlaneSource(opening: image ?? "").read()
                let embedding = try predictor.embed(pixels.normalizedRGB())
                objects = try predictor.instanceMaps(of: embedding).segmented().objectCount
            }
            return (seconds, objects)
        }
        let embedding = try predictor.embed(raster.normalizedRGB())
        if part == .decoder {
            return (try timed { _ = try predictor.instanceMaps(of: embedding) }, nil)
        }
        if let result = try timePrompts(predictor, embedding) { return result }
        let maps = try predictor.instanceMaps(of: embedding)
        var objects = 0
        if part == .apg {
            return (
                try timed {
                    objects = try predictor.segmentFromGeneratedPrompts(maps, in: .whole(embedding))
                        .objectCount
                },
                objects
            )
        }
        return (try timed { objects = try maps.segmented().objectCount }, objects)
    }

    /// Nil for parts that use no prompts of ours.
    private func timePrompts(
        _ predictor: ImagePredictor,
        _ embedding: ImageEmbedding
    ) throws -> ([Double], Int?)? {
        let size = embedding.transform.originalSize
        let (width, height) = (Double(size.width), Double(size.height))
        switch part {
        case .point:
            let point = ObjectPrompts(points: [.init(Point(x: width / 3, y: height / 2))])
            return (
                try timed { _ = try predictor.predict(point, in: embedding, masks: .multiple) },
                nil
            )
        case .boxes:
            let boxes = (0..<256).map { index in
                let (x, y) = (Double(index % 16) * width / 16, Double(index / 16) * height / 16)
                return ObjectPrompts(
                    box: Box(minX: x, minY: y, maxX: x + width / 16, maxY: y + height / 16)
                )
            }
            var found = 0
            return (
                try timed {
                    found = try predictor.predict(boxes, in: embedding, BatchOptions()).count
                },
                found
            )
        case .amg, .amgFiltered:
            let pixels = try PlaneSource(opening: image ?? "").read().normalizedRGB()
            var options = MaskGenerationOptions()
            if part == .amgFiltered { options.minimumScore = MaskFilterOptions().scoreThreshold }
            var found = 0
            return (
                try timed {
                    let candidates = try predictor.maskCandidates(
                        of: pixels,
                        embedding: embedding,
                        options
                    )
                    found = try candidates.segmented().objectCount
                },
                found
            )
        default: return nil
        }
    }

    /// Seconds of each call, after one that does not count unless there is only one.
    private func timed(warmsUp: Bool = true, _ body: () throws -> Void) rethrows -> [Double] {
        if warmsUp, repetitions > 1 { try body() }
        let clock = ContinuousClock()
        return try (0..<repetitions).map { _ in
            try clock.measure { try body() }.seconds.roundedForJSON
        }
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

extension LabelImage {
    /// Number of objects, for labels numbered 1, 2, ….
    var objectCount: Int { Int(labels.max() ?? 0) }
}
