import Foundation
import ImageFormats
import Imaging
import Testing
import Training

@Suite("Dividing images between training and validation")
struct DataSplitTests {
    @Test("The same seed divides files the same way, and none is lost", arguments: [2, 3, 11])
    func dividesFiles(count: Int) throws {
        let pairs = (0..<count).map { TrainingPair(image: "\($0)", labels: "\($0)") }
        let split = try DataSplit(pairs, fraction: 0.1, seed: 5)
        #expect(split == (try DataSplit(pairs, fraction: 0.1, seed: 5)))
        #expect(split.validation.count == max(Int((0.1 * Double(count)).rounded()), 1))
        #expect(Set(split.training).union(split.validation).count == count)
        #expect(Set(split.training).isDisjoint(with: split.validation))
    }

    @Test("A single image is cut, a small one serves both")
    func dividesOneImage() throws {
        let folder = try DataFolder()
        let large = try folder.addPair("large", width: 700, height: 300)
        let small = try folder.addPair("small")
        let split = try DataSplit(
            [TrainingPair(image: large.image, labels: large.labels)],
            fraction: 0.25,
            seed: 0
        )
        #expect(split.division == .region)
        #expect(split.training[0].region == Region(x: 0, y: 0, width: 525, height: 300))
        #expect(split.validation[0].region == Region(x: 525, y: 0, width: 175, height: 300))
        let shared = try DataSplit(
            [TrainingPair(image: small.image, labels: small.labels)],
            fraction: 0.25,
            seed: 0
        )
        #expect(shared.division == .shared)
    }
}
