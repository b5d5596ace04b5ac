import Foundation
import JobSamples
import Testing

@Suite("Ctrl-C in each phase of a training", .serialized)
struct TrainStopTests {
    /// Phases, by what appears in the folder when they begin.
    enum Phase: String, CaseIterable, Sendable {
        case preparation, beginning, iterations, search
    }

    @Test("Keeps what there is, and going on does what is left", arguments: Phase.allCases)
    func stop(_ phase: Phase) throws {
        let place = try Workplace()
        try place.writePair("a")
        try place.writePair("b")
        let arguments = TrainTests.quick + ["--iterations", phase == .search ? "1" : "400"]
        // A search with a quick model could end before it is stopped.
        let model: QuickModel? = phase == .search ? nil : .narrow
        let stopped = try Program.run(arguments, in: place.folder, with: model) { process in
            let deadline = Date.now + 120
            while Date.now < deadline, process.isRunning, !hasBegun(phase, place) {
                Thread.sleep(forTimeInterval: 0.005)
            }
            process.interrupt()
        }
        #expect(stopped.status == 130, "\(stopped.error)")
        switch phase {
        case .preparation:
            #expect(!FileManager.default.fileExists(atPath: place.path("run")))
            #expect(stopped.error.contains("stopped before the first iteration"))
        case .beginning:
            // A quick model may have done an iteration before the signal is there.
            if stopped.output.isEmpty {
                #expect(!FileManager.default.fileExists(atPath: place.path("run")))
                #expect(stopped.error.contains("stopped before the first iteration"))
            } else {
                #expect(!stopped.output.contains(" 0 iterations"), "\(stopped.output)")
            }
        case .iterations:
            #expect(stopped.output.contains("usam train --resume -o run"))
        case .search:
            #expect(stopped.output.contains("Still to come: "), "\(stopped.output)")
            let info = try Program.run(["info", "run/best.safetensors"], in: place.folder).output
            // The model keeps the parameters that it had.
            #expect(info.contains("\"foreground_threshold\":0.4"), "\(info)")
            #expect(info.contains("usam.start_model") && info.contains("usam.version"))
            let resume = ["train", "--resume", "-o", "run", "--threads", "1"]
            let more = try Program.run(resume, in: place.folder)
            #expect(more.output.contains("Done: 1 iteration "), "\(more.output)")
            #expect(!more.output.contains("Still to come"))
            let again = try Program.run(resume, in: place.folder)
            #expect(again.output.contains("Nothing left to do"), "\(again.output)")
        }
    }

    private func hasBegun(_ phase: Phase, _ place: Workplace) -> Bool {
        switch phase {
        case .preparation: FileManager.default.fileExists(atPath: place.path("run"))
        case .beginning: FileManager.default.fileExists(atPath: place.path("run/run.json"))
        case .iterations: place.text("run/log.jsonl").contains("\"iteration\":{")
        case .search: FileManager.default.fileExists(atPath: place.path("run/state.safetensors"))
        }
    }
}
