import Foundation
import Imaging
import TestFixtures
import Testing
import Torch
import Trackastra
import Tracking

@Suite("Trackastra beside the original", .enabled(if: Fixtures.areAvailable))
struct ReferenceTests {
    @Test("The range of intensities", arguments: TrackastraFixture.names)
    func intensities(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let range = try fixture.intensities()
        expectClose(
            [range.low, range.high],
            try fixture.tensors.floats("normalized.percentiles"),
            1e-6
        )
    }

    @Test("Places and features of all objects", arguments: TrackastraFixture.names)
    func features(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let objects = try features(fixture)
        expectClose(
            objects.flatMap(\.features).flatMap { $0 },
            try fixture.tensors.floats("features"),
            1e-4
        )
        expectClose(
            objects.flatMap(\.coordinates).flatMap { $0 },
            try fixture.tensors.floats("detections.coords"),
            1e-6
        )
    }

    @Test("Logits and scores of the first and the last window", arguments: TrackastraFixture.names)
    func windows(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let model = try TrackastraFixture.model()
        let objects = try features(fixture)
        let starts = try fixture.tensors.integers("windows.first_frame")
        for window in Set([0, starts.count - 1]) {
            let frames =
                (starts[window]..<min(starts[window] + model.configuration.window, objects.count))
                .map { ($0, objects[$0].coordinates, objects[$0].features) }
            let input = AssociationWindow(frames: frames)
            expectClose(
                try input.logits(model).elements(),
                try fixture.tensors.floats("window\(window).logits"),
                1e-4,
                "logits of window \(window)"
            )
            expectClose(
                try input.allScores(model),
                try fixture.tensors.floats("window\(window).scores"),
                1e-4,
                "scores of window \(window)"
            )
        }
    }

    @Test("Possible links and their weights", arguments: TrackastraFixture.names)
    func candidates(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let found = try fixture.candidates(TrackastraFixture.model())
            .sorted { ($0.link.source, $0.link.target) < ($1.link.source, $1.link.target) }
        let expected = zip(
            try fixture.pairs("candidate.edges"),
            try fixture.tensors.floats("candidate.weights")
        ).sorted { ($0.0.source, $0.0.target) < ($1.0.source, $1.0.target) }
        try #require(found.map(\.link) == expected.map(\.0))
        expectClose(found.map { Float($0.weight) }, expected.map(\.1), 1e-4)
    }

    @Test("The links of the greedy modes", arguments: TrackastraFixture.names)
    func greedy(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let model = try TrackastraFixture.model()
        for (mode, children) in [("greedy", 2), ("greedy_nodiv", 1)] {
            let links = try fixture.links(model, .greedy(GreedySolver(maximumChildren: children)))
            #expect(Set(links) == Set(try fixture.pairs("\(mode).edges")), "\(mode)")
            #expect(links.count == Set(links).count)
        }
    }

    @Test("The integer programme is as good as the original", arguments: TrackastraFixture.names)
    func program(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let candidates = try fixture.candidates(TrackastraFixture.model())
        let program = LineageProgram()
        let count = fixture.labels.map { $0.objectLabels().count }.reduce(0, +)
        let solution = try program.solve(nodeCount: count, edges: candidates)
        let text = try #require(fixture.tensors.metadata["ilp.value"])
        let value = try #require(Double(text))
        // The weights agree to 1e-4 each, so their sums agree to that much for each link.
        #expect(solution.value <= value + 1e-4 * Double(candidates.count))
        let streamed = try fixture.links(TrackastraFixture.model(), .program(program))
        #expect(Set(streamed) == Set(solution.links))
    }

    private func features(_ fixture: TrackastraFixture) throws -> [ObjectFeatures] {
        let range = try fixture.intensities()
        return zip(fixture.labels, fixture.images).map { labels, image in
            ObjectFeatures(labels, LabelIndex(labels), image.floats(), range)
        }
    }
}
