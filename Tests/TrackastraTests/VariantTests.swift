import Foundation
import TestFixtures
import Testing
import Torch
import TorchNN
import Trackastra

/// Models with other options, and random weights.
@Suite("Variants of Trackastra", .enabled(if: Fixtures.areAvailable))
struct VariantTests {
    static let names = [
        "default", "feat_embed", "dist_v1", "bias", "none", "norm_none", "norm_linear",
        "norm_softmax", "coords3",
        "no_features",
    ]

    @Test("Logits and scores", arguments: names)
    func variant(_ name: String) throws {
        let tensors = try Fixtures.tensors("trackastra_variants")
        let model = try Self.model(name, tensors)
        let times = try tensors.integers("\(name).times")
        let length = try tensors.shape("\(name).times")[1]
        let coordinates = try Self.rows(tensors, "\(name).coords")
        let features = try Self.rows(tensors, "\(name).features")
        for window in 0..<2 {
            let used = (0..<length).filter { times[window * length + $0] >= 0 }
            let frames = Dictionary(grouping: used) { times[window * length + $0] }.sorted {
                $0.key < $1.key
            }
            .map { frame, objects in
                (
                    frame, objects.map { coordinates[window * length + $0] },
                    objects.map { features[window * length + $0] }
                )
            }
            let input = AssociationWindow(frames: frames)
            for (what, found) in [
                ("logits", try input.logits(model).elements()),
                ("scores", try input.allScores(model)),
            ] {
                let all = try tensors.floats("\(name).\(what)")
                let expected = used.flatMap { row in
                    used.map { all[(window * length + row) * length + $0] }
                }
                expectClose(found, expected, 1e-4, "\(what) of window \(window)")
            }
        }
    }

    private static func rows(_ tensors: SafeTensors, _ name: String) throws -> [[Float]] {
        let (values, width) = (try tensors.floats(name), try tensors.shape(name)[2])
        let count = try tensors.shape(name)[0] * tensors.shape(name)[1]
        return (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
    }

    /// The model whose options stand in the metadata.
    private static func model(_ name: String, _ tensors: SafeTensors) throws -> TrackastraModel {
        let text = try #require(tensors.metadata["configs"])
        let all =
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]]
        let lines = try #require(all?[name]).map { "\($0): \($1)\n" }.joined()
        let prefix = "\(name).state."
        var weights: [String: Tensor] = [:]
        for key in tensors.names where key.hasPrefix(prefix) {
            weights[String(key.dropFirst(prefix.count))] = try Tensor(
                tensors.floats(key),
                shape: tensors.shape(key)
            )
        }
        return try TrackastraModel(
            TrackastraConfiguration(yaml: lines, file: "config.yaml"),
            TensorDictionary(weights, name: name)
        )
    }
}
