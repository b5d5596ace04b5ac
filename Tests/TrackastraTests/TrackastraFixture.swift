import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import Trackastra
import Tracking

/// A movie of the fixtures with what Trackastra found in it.
struct TrackastraFixture {
    static let names = ["sim", "perturbed", "bacteria", "wide", "short"]
    static let folder = Fixtures.folder.appendingPathComponent("trackastra_small/general_2d")

    let labels: [LabelImage]
    let images: [AnyRaster]
    let tensors: SafeTensors

    init(_ name: String) throws {
        let names = ["segmentation", "image"].map { "trackastra_\(name).\($0).tif" }
        let sources = try names.map {
            try ImageSource(opening: Fixtures.folder.appendingPathComponent($0))
        }
        labels = try Self.planes(sources[0]).map { try sources[0].readLabels($0) }
        images = try Self.planes(sources[1]).map { try sources[1].read($0) }
        tensors = try Fixtures.tensors("trackastra_\(name)")
    }

    private static func planes(_ source: ImageSource) -> [PlaneIndex] {
        let axes = source.description.axes
        return (0..<axes.t * axes.z).map { PlaneIndex(t: $0 / axes.z, z: $0 % axes.z) }
    }

    static func model() throws -> TrackastraModel { try TrackastraModel(contentsOf: folder) }

    func intensities() throws -> MovieIntensities.Range {
        var intensities = MovieIntensities()
        for image in images { try intensities.add(image) }
        return intensities.range
    }

    /// The links that are possible after the network.
    func candidates(_ model: TrackastraModel) throws -> [CandidateEdge] {
        var associations = Associations(model, intensities: try intensities())
        var edges: [CandidateEdge] = []
        for (labels, image) in zip(labels, images) { edges += try associations.add(labels, image) }
        return edges + (try associations.finish())
    }

    func links(_ model: TrackastraModel, _ solver: TrackastraLinker.Solver) throws -> [Link] {
        var linker = TrackastraLinker(model, intensities: try intensities(), solver: solver)
        var links: [Link] = []
        for (labels, image) in zip(labels, images) { links += try linker.add(labels, image).links }
        return links + (try linker.finish().links)
    }

    /// Pairs of nodes of the fixture as links.
    func pairs(_ name: String) throws -> [Link] {
        let values = try tensors.integers(name)
        return stride(from: 0, to: values.count, by: 2).map {
            Link(from: values[$0], to: values[$0 + 1])
        }
    }
}

/// Compares numbers one by one.
func expectClose(
    _ found: [Float],
    _ expected: [Float],
    _ tolerance: Float,
    _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard found.count == expected.count else {
        Issue.record(
            "\(what): \(found.count) numbers, expected \(expected.count)",
            sourceLocation: sourceLocation
        )
        return
    }
    let differences = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }
    let worst = differences.max() ?? 0
    #expect(
        worst <= tolerance,
        "\(what): largest difference \(worst)",
        sourceLocation: sourceLocation
    )
}
