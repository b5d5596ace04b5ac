import Foundation
import Imaging
import Testing
import Training

@Suite("Logs and the report of a training")
struct LoggingTests {
    private static func iteration(_ number: Int, loss: Double) throws -> TrainingEvent {
        let text = """
            {"iteration": \(number), "epoch": \(number / 4), "iterationsPerEpoch": 4, "loss": \(loss),
             "maskLoss": \(loss / 2), "iouLoss": \(loss / 2), "modelIoU": 0.5,
             "decoderLoss": \(2 * loss), "learningRate": 1e-5, "seconds": 0.5}
            """
        return .iteration(try JSONDecoder().decode(IterationReport.self, from: Data(text.utf8)))
    }

    private static func validation(
        _ iteration: Int,
        metric: Double,
        isBest: Bool
    ) throws -> TrainingEvent {
        let text = """
            {"iteration": \(iteration), "epoch": \(iteration / 4 - 1), "metric": \(metric),
             "maskLoss": \(metric / 2), "iouLoss": 0.1, "decoderLoss": \(metric),
             "isBest": \(isBest), "seconds": 1}
            """
        return .validation(try JSONDecoder().decode(ValidationReport.self, from: Data(text.utf8)))
    }

    private static func start(_ iteration: Int) -> TrainingLog.Start {
        TrainingLog.Start(iteration: iteration, model: "m", device: "cpu", version: "0", time: 0)
    }

    @Test("A resumed run replaces the iterations that it does again")
    func resumes() throws {
        let folder = try DataFolder()
        do {
            let log = try TrainingLog(in: folder.url, start: Self.start(0))
            for number in 0..<6 { try log.add(Self.iteration(number, loss: 1)) }
            try log.add(Self.validation(4, metric: 0.8, isBest: true))
        }
        // The run was killed in the middle of a line.
        let url = folder.url.appendingPathComponent(TrainingLog.fileName)
        let handle = try FileHandle(forWritingTo: url)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(#"{"iteration":{"_0":{"ep"#.utf8))
        try handle.close()
        let log = try TrainingLog(in: folder.url, start: Self.start(4))
        for number in 4..<8 { try log.add(Self.iteration(number, loss: 0.5)) }
        try log.add(.finished(.completed))
        let history = try TrainingLog.history(in: folder.url)
        #expect(history.iterations.map(\.iteration) == Array(0..<8))
        #expect(history.iterations.map(\.loss) == [1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5])
        #expect(history.validations.count == 1)
        #expect(history.starts.count == 2)
        #expect(history.end == .completed)
        let files = try FileManager.default.contentsOfDirectory(
            atPath: folder.url.appendingPathComponent("tensorboard").path
        )
        #expect(files.count == 2)
    }

    @Test("The page is complete in itself, and text in it cannot break it")
    func report() throws {
        let folder = try DataFolder()
        let log = try TrainingLog(in: folder.url, start: Self.start(0))
        for number in 0..<8 { try log.add(Self.iteration(number, loss: 1 / Double(number + 1))) }
        try log.add(Self.validation(4, metric: 0.8, isBest: true))
        try log.add(Self.validation(8, metric: 0.6, isBest: true))
        let picture = Raster<UInt8>(repeating: 90, size: Size(width: 9, height: 5), channels: 3)
        let report = TrainingReport(
            title: "A <b> & c",
            facts: [.init("data", "\"quoted\" <script>")],
            history: try TrainingLog.history(in: folder.url),
            pictureNote: "note",
            pictures: [
                .init(
                    name: "x<y.tif",
                    truth: picture,
                    before: picture,
                    after: picture,
                    accuracyBefore: 0.25,
                    accuracyAfter: 0.5
                )
            ]
        )
        let html = try report.html()
        #expect(html.contains("A &lt;b&gt; &amp; c"))
        #expect(!html.contains("<script"))
        #expect(!html.contains("http"))
        #expect(html.components(separatedBy: "data:image/png;base64,").count == 4)
        #expect(html.contains("Validation metric 0.6 in epoch 2, after 0.8 in the first"))
        #expect(html.contains("before, SA50 0.250"))
        #expect(html.components(separatedBy: "<svg").count == 4)
        let empty = try TrainingReport(title: "t", facts: [], history: .init()).html()
        #expect(empty.contains("no values"))
    }
}
