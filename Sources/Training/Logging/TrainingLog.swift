import Files
public import Foundation

/// The course of a training as JSON lines, `log.jsonl`, and as TensorBoard event files.
///
/// A resumed run goes on in the same file: iterations that it does again replace those of before.
public final class TrainingLog {
    /// One line.
    public enum Entry: Codable, Hashable, Sendable {
        /// A run begins or goes on.
        case started(Start)
        /// An iteration is done.
        case iteration(IterationReport)
        /// The validation data have been seen.
        case validation(ValidationReport)
        /// A checkpoint has been written.
        case checkpoint(Saved)
        /// The run is over.
        case finished(TrainingEnd)
    }

    /// What a run begins with.
    public struct Start: Codable, Hashable, Sendable {
        /// Iterations that earlier runs have done.
        public var iteration: Int
        /// The start model.
        public var model: String
        /// Where it runs.
        public var device: String
        /// The version of the program.
        public var version: String
        /// When, in seconds since 1970.
        public var time: Double

        /// Describes a beginning.
        public init(iteration: Int, model: String, device: String, version: String, time: Double) {
            self.iteration = iteration
            self.model = model
            self.device = device
            self.version = version
            self.time = time
        }
    }

    /// A checkpoint that was written.
    public struct Saved: Codable, Hashable, Sendable {
        /// The file.
        public var path: String
        /// Whether it is the best so far.
        public var isBest: Bool
    }

    private let handle: FileHandle
    private let events: EventFileWriter
    private let url: URL

    /// The name of the file in the folder of a run.
    public static let fileName = "log.jsonl"

    /// Opens or begins the log in `folder`.
    ///
    /// - Throws: ``TrainingLogError``.
    public init(in folder: URL, start: Start) throws {
        url = folder.appendingPathComponent(Self.fileName)
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
            handle = try FileHandle(forUpdating: url)
            // A run that was killed while it wrote leaves half a line.
            let end = try handle.seekToEnd()
            if end > 0 {
                try handle.seek(toOffset: end - 1)
                if try handle.read(upToCount: 1) != Data("\n".utf8) {
                    try handle.write(contentsOf: Data("\n".utf8))
                }
            }
        } catch {
            throw TrainingLogError(path: url.path, reason: error.localizedDescription)
        }
        events = try EventFileWriter(in: folder.appendingPathComponent("tensorboard"))
        try write(.started(start))
    }

    deinit { try? handle.close() }

    /// Writes an event down.
    ///
    /// - Throws: ``TrainingLogError``, for example for a full disk.
    public func add(_ event: TrainingEvent) throws {
        switch event {
        case .iteration(let report):
            try write(.iteration(report))
            try events.add(report.scalars, step: report.iteration)
        case .validation(let report):
            try write(.validation(report))
            try events.add(report.scalars, step: report.iteration)
        case .checkpoint(let path, let isBest):
            try write(.checkpoint(Saved(path: path, isBest: isBest)))
        case .finished(let end):
            try write(.finished(end))
        }
    }

    private func write(_ entry: Entry) throws {
        do {
            let line = try JSONText.encodeLine(entry, keys: .asDeclared) + "\n"
            try handle.write(contentsOf: Data(line.utf8))
        } catch {
            throw TrainingLogError(path: url.path, reason: error.localizedDescription)
        }
    }

    // MARK: - Reading

    /// What a log tells, with repeated iterations left out.
    public struct History: Hashable, Sendable {
        /// Beginnings of the run and of its resumptions.
        public var starts: [Start] = []
        /// Every iteration once, rising.
        public var iterations: [IterationReport] = []
        /// Every validation once, rising.
        public var validations: [ValidationReport] = []
        /// Why the last run ended, if it did.
        public var end: TrainingEnd?

        /// An empty history.
        public init() {}
    }

    /// Reads the log of a folder; lines that cannot be read are left out.
    ///
    /// - Throws: ``TrainingLogError`` if there is none.
    public static func history(in folder: URL) throws -> History {
        let url = folder.appendingPathComponent(fileName)
        let content: Data
        do {
            content = try Data(contentsOf: url)
        } catch {
            throw TrainingLogError(path: url.path, reason: error.localizedDescription)
        }
        var history = History()
        for line in content.split(separator: UInt8(ascii: "\n")) {
            guard let entry = try? JSONText.decode(Entry.self, from: line, keys: .asDeclared) else {
                continue
            }
            history.add(entry)
        }
        return history
    }
}

extension TrainingLog.History {
    fileprivate mutating func add(_ entry: TrainingLog.Entry) {
        switch entry {
        case .started(let start):
            starts.append(start)
            end = nil
            iterations.removeAll { $0.iteration >= start.iteration }
            validations.removeAll { $0.iteration > start.iteration }
        case .iteration(let report): iterations.append(report)
        case .validation(let report): validations.append(report)
        case .checkpoint: break
        case .finished(let reason): end = reason
        }
    }
}

extension IterationReport {
    /// The values under micro-sam's names.
    fileprivate var scalars: [(tag: String, value: Double)] {
        [
            ("train/loss", loss), ("train/mask_loss", maskLoss), ("train/iou_loss", iouLoss),
            ("train/model_iou", modelIoU), ("train/instance_loss", decoderLoss),
            ("train/learning_rate", learningRate), ("train/seconds", seconds),
        ].compactMap { tag, value in value.map { (tag, $0) } }
    }
}

extension ValidationReport {
    fileprivate var scalars: [(tag: String, value: Double)] {
        [
            ("validation/metric", metric), ("validation/mask_loss", maskLoss),
            ("validation/iou_loss", iouLoss), ("validation/instance_loss", decoderLoss),
        ].compactMap { tag, value in value.map { (tag, $0) } }
    }
}
