import Checkpoints
import Files
import Foundation
import JobSamples
import ModelZoo
import Prompting
import Synchronization
import Testing
import Training

/// Trainings of a few seconds, as a program of somebody else would run them.
@Suite("Runs", .serialized)
struct TrainingRunTests {
    private let place: DataFolder
    private let model: ModelFiles
    private let request: TrainingRequest

    init() throws {
        place = try DataFolder()
        let pairs = try [place.addPair("a"), place.addPair("b", seed: 2)]
        model = try ModelFiles(name: QuickModel.narrow.path, model: QuickModel.narrow.url)
        var request = TrainingRequest(images: pairs.map(\.image), labels: pairs.map(\.labels))
        request.choices.cropSide = 64
        request.choices.objectsPerImage = 1
        request.choices.subIterations = 1
        request.choices.samplesPerEpoch = 2
        request.choices.limits.iterations = 3
        self.request = request
    }

    private func prepare(_ name: String) throws -> TrainingRun {
        try TrainingRun.prepare(request, from: model, in: TrainingFolder(place.path(name)))
    }

    private func values(_ name: String) throws -> Data {
        let file = URL(filePath: place.path("\(name)/\(Trainer.latestFileName)"))
        let tensors = try Checkpoint(contentsOf: file).tensors.sorted { $0.name < $1.name }
        return tensors.reduce(into: Data()) { data, tensor in
            tensor.withBytes { data.append(contentsOf: $0) }
        }
    }

    @Test("Preparing leaves no trace")
    func preparing() throws {
        do {
            let run = try prepare("run")
            #expect(!run.isContinued && run.record.training.iterations == 3)
            #expect(run.dataSummary.first?.hasPrefix("Data: 2 images of 150 x 131 pixels") == true)
            #expect(run.dataSummary.last == "Validation: 1 image, training: 1.")
        }
        #expect(FileStatus(of: place.path("run")) == nil)
        #expect(throws: TrainingRunError.nothingToResume(folder: place.path("run"))) {
            try TrainingRun.resume(in: TrainingFolder(place.path("run")))
        }
    }

    @Test("A cancelled run is kept, goes on exactly, and then says so")
    func cancelling() throws {
        let work = Work()
        let cut = try prepare("cut").run(pictures: 0, work) { event in
            if case .training(.iteration) = event { work.cancel() }
        }
        #expect(cut.ending == .interrupted && cut.iterations == 1)
        #expect(cut.parameters == nil && cut.model != nil)
        let rest = try TrainingRun.resume(in: TrainingFolder(place.path("cut")))
        #expect(rest.isContinued)
        let summary = try rest.run(pictures: 0)
        #expect(summary.ending == .completed && summary.newIterations == 2)
        let whole = try prepare("whole").run(pictures: 1)
        #expect(whole.ending == .completed && whole.iterations == 3)
        #expect(try values("cut") == values("whole"))
        let page = try String(contentsOfFile: place.path("whole/report.html"), encoding: .utf8)
        #expect(page.contains("<polyline") && page.contains("data:image/png;base64"))
        // What is complete is left as it is.
        let again = try prepare("whole")
        #expect(again.isContinued)
        #expect(try again.run().newIterations == 0)
    }

    @Test("A run that is cancelled before its first iteration leaves no files and can begin again")
    func cancellingAtOnce() throws {
        let work = Work()
        let run = try prepare("run")
        #expect(throws: CancellationError.self) {
            try run.run(pictures: 0, work) { event in
                if case .began = event { work.cancel() }
            }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path("run")) == [])
        #expect(try run.run(pictures: 0).newIterations == 3)
    }

    @Test("Pictures that are cancelled are still to come, and are drawn later")
    func cancellingPictures() throws {
        let work = Work()
        let cut = try prepare("run").run(pictures: 1, work) { event in
            if case .drawing = event { work.cancel() }
        }
        #expect(cut.ending == .completed && cut.remaining == [.pictures])
        #expect(cut.model != nil && cut.report != nil)
        let summary = try TrainingRun.resume(in: TrainingFolder(place.path("run"))).run(pictures: 1)
        #expect(summary.newIterations == 0 && summary.remaining.isEmpty)
        let page = try String(contentsOfFile: place.path("run/report.html"), encoding: .utf8)
        #expect(page.contains("data:image/png;base64"))
    }

    @Test("A search that is cancelled leaves the model its parameters")
    func cancellingSearch() throws {
        let work = Work()
        let searched = Mutex(0)
        let summary = try prepare("run").run(pictures: 1, work) { event in
            guard case .searching(let done, _) = event else { return }
            searched.withLock { $0 = done }
            work.cancel()
        }
        #expect(searched.withLock { $0 } == 1)
        #expect(summary.ending == .completed && summary.parameters == nil)
        #expect(summary.warnings.isEmpty && summary.report != nil)
        let file = URL(filePath: try #require(summary.model))
        let traits = ModelTraits(metadata: try SAMCheckpoint(contentsOf: file).metadata)
        let start = try SAMCheckpoint(contentsOf: model.model)
        #expect(traits.parameters == ModelTraits(metadata: start.metadata).parameters)
    }

    @Test("A folder that is in use, and another training in it, are refused")
    func refusals() throws {
        let folder = try TrainingFolder(place.path("run"))
        let run = try TrainingRun.prepare(request, from: model, in: folder)
        #expect(throws: TrainingRunError.inUse(folder: folder.path)) { try prepare("run") }
        let errors = Mutex<[TrainingRunError]>([])
        _ = try run.run(pictures: 0) { event in
            guard case .began = event else { return }
            do {
                _ = try run.run(pictures: 0)
            } catch let error as TrainingRunError {
                errors.withLock { $0.append(error) }
            } catch {
                Issue.record(error)
            }
        }
        #expect(errors.withLock { $0 } == [.inUse(folder: folder.path)])
        var other = request
        other.choices.seed = 5
        #expect(
            throws: TrainingRunError.otherTraining(
                folder: folder.path,
                changes: ["seed: 0, now 5"]
            )
        ) {
            try TrainingRun.prepare(other, from: model, in: folder)
        }
        let anew = try TrainingRun.prepare(other, from: model, in: folder, replacingOther: true)
        #expect(FileStatus(of: place.path("run/best.safetensors")) != nil)
        #expect(try anew.run(pictures: 0).newIterations == 3)
    }

    @Test("Events reach a task, the summary last")
    func events() async throws {
        var kinds: [String] = []
        for try await event in try prepare("run").events(pictures: 0) {
            switch event {
            case .began: kinds.append("began")
            case .ended(let summary): kinds.append("ended \(summary.ending.rawValue)")
            default: break
            }
        }
        #expect(kinds == ["began", "ended completed"])
    }
}
