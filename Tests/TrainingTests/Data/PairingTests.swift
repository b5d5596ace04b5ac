import Foundation
import Imaging
import Testing
import Training

@Suite("Matching images with labels, and dividing them")
struct PairingTests {
    @Test("Equal names match whatever the order and the ending")
    func byName() throws {
        let found = try TrainingPair.match(
            images: ["a/x2.png", "a/x10.tif", "a/x1.ome.tif"],
            labels: ["b/x1.tif", "b/x2.tif", "b/x10.png"]
        )
        #expect(found.matching == .name)
        #expect(found.pairs.map(\.labels) == ["b/x2.tif", "b/x10.png", "b/x1.tif"])
    }

    @Test("Names that differ by a common beginning or end match by the rest")
    func byDistinctPart() throws {
        let found = try TrainingPair.match(
            images: ["t000.tif", "t001.tif", "t012.tif"],
            labels: ["man_track012_mask.tif", "man_track000_mask.tif", "man_track001_mask.tif"]
        )
        #expect(found.matching == .distinctPart)
        #expect(
            found.pairs.map(\.labels)
                == ["man_track000_mask.tif", "man_track001_mask.tif", "man_track012_mask.tif"]
        )
    }

    @Test("Names that tell nothing match by order, but only as many of both")
    func byOrder() throws {
        let found = try TrainingPair.match(images: ["a.png", "b.png"], labels: ["u.png", "v.png"])
        #expect(found.matching == .order)
        #expect(found.pairs.map(\.labels) == ["u.png", "v.png"])
        #expect(throws: TrainingDataError.self) {
            try TrainingPair.match(
                images: ["a.png", "b.png"],
                labels: ["u.png", "v.png", "w.png"]
            )
        }
    }

    @Test("A missing partner is named")
    func missingPartner() throws {
        let error = #expect(throws: TrainingDataError.self) {
            try TrainingPair.match(
                images: ["i/a.png", "i/b.png", "i/c.png"],
                labels: ["l/a.png", "l/c.png", "l/d.png"]
            )
        }
        guard case .unpaired(let images, let labels, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(images == ["i/b.png"])
        #expect(labels == ["l/d.png"])
    }

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
