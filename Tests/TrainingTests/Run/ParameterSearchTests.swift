import Checkpoints
import Foundation
import ImageFormats
import JobSamples
import Prompting
import Segmentation
import Synchronization
import Testing
import Training

@Suite("Parameters that suit a model")
struct ParameterSearchTests {
    @Test("Are found on validation images, written into the file, and can be taken out again")
    func search() throws {
        let folder = try DataFolder()
        let pairs = try ["a", "b"].map { name in
            let paths = try folder.addPair(name)
            return AnnotatedImage(image: paths.image, labels: paths.labels)
        }
        // A model whose parameters hide everything.
        let hiding = ["min_size": 900_000.0]
        let file = URL(filePath: folder.path("model.safetensors"))
        try SAMCheckpoint(contentsOf: QuickModel.brightness.url).write(to: file, suggesting: hiding)
        let model = try SAMCheckpoint(contentsOf: file)
        #expect(ModelTraits(metadata: model.metadata).parameters == hiding)

        let steps = Mutex<[WorkEvent]>([])
        let work = Work { event in steps.withLock { $0.append(event) } }
        let found = try ParameterSearch(pairs).run(model, work)
        #expect(steps.withLock { $0 } == (1...67).map { .advanced($0, of: 67) })
        if let found {
            #expect(found.accuracy > found.accuracyBefore)
            try model.write(to: file, suggesting: found.parameters)
        } else {
            try model.write(to: file, suggesting: [:])
        }
        let written = try SAMCheckpoint(contentsOf: file)
        #expect(ModelTraits(metadata: written.metadata).parameters == found?.parameters ?? [:])
        #expect(written.model.count == model.model.count)
        #expect(written.decoder?.count == model.decoder?.count)
        let nothing = try ParameterSearch([]).run(model)
        #expect(nothing == nil)
        work.cancel()
        #expect(throws: CancellationError.self) { try ParameterSearch(pairs).run(model, work) }
    }
}
