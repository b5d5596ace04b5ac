import Checkpoints
import Foundation
import Imaging
import ModelZoo
import TestFixtures
import Testing
import Training

@Suite(
    "The Python original reads what is written here",
    .enabled(if: Peer.python != nil),
    .serialized
)
struct PeerTests {
    private struct Events: Decodable {
        let scalars: [String: [[Double]]]
        let images: [String: [[Int]]]
    }

    private struct Loaded: Decodable {
        let model_type: String
        let sums: [String: Double]
    }

    private struct Tested: Decodable {
        let status: String
        let errors: [String]
    }

    @Test("TensorBoard reads the event files, of a run and of its resumption")
    func events() throws {
        let folder = try DataFolder()
        for first in [0, 3] {
            let writer = try EventFileWriter(in: folder.url)
            for step in first..<first + 3 {
                try writer.add([("train/loss", 1 / Double(step + 1)), ("rate", 1e-5)], step: step)
            }
        }
        let found = try Peer.check("events", folder.url.path, as: Events.self)
        let losses = try #require(found.scalars["train/loss"])
        #expect(losses.map { Int($0[0]) } == Array(0..<6))
        #expect(losses.map { Float($0[1]) } == (0..<6).map { Float(1 / Double($0 + 1)) })
    }

    @Test("micro_sam loads the embedded model, every number as it is here")
    func loadsModel() throws {
        let folder = try DataFolder()
        let checkpoint = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        let url = folder.url.appendingPathComponent("model.pt")
        try checkpoint.writeTorch(to: url)
        let found = try Peer.check("load", url.path, "vit_t", as: Loaded.self)
        #expect(found.model_type == "vit_t")
        var compared = 0
        let parts = [("", checkpoint.model), ("decoder.", checkpoint.decoder ?? [:])]
        for (prefix, tensors) in parts {
            for (name, entry) in tensors where entry.elementType.isFloatingPoint {
                let sum = entry.floats().reduce(0.0) { $0 + Double($1) }
                let other = try #require(found.sums[prefix + name], "\(prefix)\(name)")
                // The order of the sum differs; its terms are exact.
                #expect(abs(sum - other) <= 1e-9 * max(abs(sum), 1), "\(prefix)\(name)")
                compared += 1
            }
        }
        #expect(compared > 400)
    }

    @Test("The package passes the test of bioimageio.core")
    func package() throws {
        let folder = try DataFolder()
        let checkpoint = try SAMCheckpoint(contentsOf: EmbeddedModel.url())
        let url = folder.url.appendingPathComponent("model.zip")
        let details = BioimagePackage.Details(name: "Test of a package", authors: ["Nobody"])
        try BioimagePackage(checkpoint, details).write(to: url)
        let found = try Peer.check("package", url.path, as: Tested.self)
        guard found.status != "unusable" else {
            print(
                "skipped: bioimageio.spec does not work with the installed pydantic; put an older one "
                    + "(2.11) on PYTHONPATH"
            )
            return
        }
        #expect(found.status == "passed", "\(found.errors.joined(separator: "\n"))")
    }

    @Test("Distances of simulated nuclei equal the reference's", arguments: [1, 2, 3] as [UInt64])
    func distances(seed: UInt64) throws {
        let folder = try DataFolder()
        var simulator = NucleiSimulator(size: Size(width: 311, height: 257), seed: seed)
        simulator.clustering = 0.9
        simulator.coverage = 0.4
        let labels = try simulator.simulate().labels
        let url = folder.url.appendingPathComponent("labels.safetensors")
        var writer = SafetensorsWriter()
        let bytes = labels.labels.withUnsafeBytes { Array($0) }
        try writer.add("labels", elementType: .int32, shape: [257, 311], bytes: bytes)
        try writer.write(to: url)
        let count = try Peer.check("distances", url.path, as: [String: Int].self)
        let expected = try SafeTensors(contentsOf: URL(filePath: url.path + ".out"))
        let found = try ObjectDistances(of: labels)
        #expect(found.objects.objectLabels().count == count["objects"])
        #expect(found.objects.labels == (try expected.values("objects").map { UInt32($0) }))
        #expect(found.planes == (try expected.values("distances").map { Float($0) }))
    }
}
