import AnnotationServer
import Annotator
import ArgumentParser
import Terminal
import Testing
import Torch
import UsamCommands

@Suite("Training from the annotator")
struct AnnotatorTrainingTests {
    private let program = TrainingProgram(on: .cpu, .system)

    private func split(_ count: Int) -> TrainingSplit {
        TrainingSplit(TrainingData(images: "i", labels: "l", count: count))
    }

    @Test("The arguments of training and measuring are understood", arguments: [1, 2, 3, 12])
    func understood(_ count: Int) throws {
        let split = split(count)
        for length in [nil, .epochs(3), .iterations(2)] as [TrainingLength?] {
            let arguments = program.train(split, "usam-tiny", length, "run")
            _ = try Usam.parseAsRoot(try Usam.understood(arguments))
        }
        guard !split.keptOut.isEmpty else { return }
        _ = try Usam.parseAsRoot(try Usam.understood(program.evaluate(split, "usam-tiny")))
    }

    @Test("Pairs are kept out where there are enough, and all others are learned from")
    func divided() {
        #expect(split(2).keptOut.isEmpty)
        #expect(split(3).keptOut.images == ["i/2.tif"])
        #expect(split(12).keptOut.labels == ["l/4.tif", "l/9.tif"])
        #expect(split(12).learned.images.count == 10)
    }
}
