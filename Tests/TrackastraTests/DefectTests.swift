import Foundation
import Imaging
import TestFixtures
import Testing
import Trackastra
import Tracking

/// What goes wrong in the original, and what is right here.
@Suite("Defects of automatic tracking", .enabled(if: Fixtures.areAvailable))
struct DefectTests {
    @Test(
        "Lineages point forward in time, as the tracks of the original do",
        arguments: ["sim", "perturbed", "bacteria"]
    )
    func direction(_ name: String) throws {
        let fixture = try TrackastraFixture(name)
        let links = try fixture.links(TrackastraFixture.model(), .greedy(GreedySolver()))
        #expect(Set(links) == Set(try tracks(fixture, "greedy")))
        let times = try fixture.tensors.integers("detections.times")
        #expect(links.allSatisfy { times[$0.source] < times[$0.target] })
    }

    /// The links within and between tracks (track, t, y, x) with their parents.
    private func tracks(_ fixture: TrackastraFixture, _ mode: String) throws -> [Link] {
        let rows = try fixture.tensors.values("\(mode).tracks")
        let places = try fixture.tensors.values("detections.coords")
        let times = try fixture.tensors.integers("detections.times")
        var tracks: [Int: [Int]] = [:]
        for row in stride(from: 0, to: rows.count, by: 4) {
            let node = times.indices.filter { times[$0] == Int(rows[row + 1]) }.min {
                distance(places, $0, rows, row) < distance(places, $1, rows, row)
            }
            tracks[Int(rows[row]), default: []].append(try #require(node))
        }
        let text = try #require(fixture.tensors.metadata["\(mode).tracks.parents"])
        let parents = try JSONDecoder().decode([String: Int].self, from: Data(text.utf8))
        var links = tracks.values.flatMap { track in
            zip(track.sorted(), track.sorted().dropFirst()).map { Link(from: $0, to: $1) }
        }
        for (child, parent) in parents {
            let first = try #require(Int(child).flatMap { tracks[$0]?.min() })
            links.append(Link(from: try #require(tracks[parent]?.max()), to: first))
        }
        return links
    }

    private func distance(_ places: [Double], _ node: Int, _ rows: [Double], _ row: Int) -> Double {
        abs(places[2 * node] - rows[row + 2]) + abs(places[2 * node + 1] - rows[row + 3])
    }

    @Test("Objects without a link are kept in every mode")
    func alone() throws {
        let fixture = try TrackastraFixture("perturbed")
        let model = try TrackastraFixture.model()
        #expect(try fixture.tensors.integers("greedy.nodes").count < 134)
        var linker = TrackastraLinker(model, intensities: try fixture.intensities())
        var detections: [Detection] = []
        for (labels, image) in zip(fixture.labels, fixture.images) {
            detections += try linker.add(labels, image).detections
        }
        _ = try linker.finish()
        #expect(detections.count == 134)
    }

    @Test("Labels that occur again in other frames are other objects")
    func repeatedLabels() throws {
        let fixture = try TrackastraFixture("sim")
        let model = try TrackastraFixture.model()
        let relabeled = fixture.labels.map { $0.relabeledSequentially() }
        var linker = TrackastraLinker(model, intensities: try fixture.intensities())
        var links: [Link] = []
        for (labels, image) in zip(relabeled, fixture.images) {
            links += try linker.add(labels, image).links
        }
        links += try linker.finish().links
        #expect(try links == fixture.links(model, .greedy(GreedySolver())))
    }

    @Test(
        "Every object that can be linked comes with its candidates, also at the end of a movie",
        arguments: ["short", "sim"]
    )
    func lastCandidates(name: String) throws {
        let fixture = try TrackastraFixture(name)
        let model = try TrackastraFixture.model()
        let targets = Set(try fixture.candidates(model).map(\.link.target))
        let solvers = [
            TrackastraLinker.Solver.greedy(GreedySolver()),
            .program(LineageProgram(costs: LineageProgram.Costs())),
        ]
        for solver in solvers {
            var linker = TrackastraLinker(
                model,
                intensities: try fixture.intensities(),
                solver: solver
            )
            var frames: [LinkedFrame] = []
            for (labels, image) in zip(fixture.labels, fixture.images) {
                frames.append(try linker.add(labels, image))
            }
            frames.append(try linker.finish())
            let candidates = frames.flatMap(\.candidates).map(\.link)
            #expect(Set(candidates.map(\.target)) == targets)
            #expect(Set(frames.flatMap(\.links)).isSubset(of: candidates))
        }
    }

    @Test("One frame, no frame and frames without objects give results")
    func small() throws {
        let fixture = try TrackastraFixture("short")
        let model = try TrackastraFixture.model()
        let empty = LabelImage(size: fixture.labels[0].size)
        let movies = [
            [], [fixture.labels[0]], [empty], [empty, empty, empty],
            [empty, fixture.labels[0], empty],
        ]
        for movie in movies {
            var linker = TrackastraLinker(model, intensities: try fixture.intensities())
            var detections: [Detection] = []
            for labels in movie {
                detections += try linker.add(labels, fixture.images[0]).detections
            }
            #expect(try linker.finish().links.isEmpty)
            #expect(detections.count == movie.map { $0.objectLabels().count }.reduce(0, +))
        }
    }

    @Test("Colours and sizes that do not fit are refused at the first frame")
    func refusals() throws {
        let model = try TrackastraFixture.model()
        let labels = LabelImage(size: Size(width: 32, height: 24))
        let colors = AnyRaster.uint8(Raster(repeating: 0, size: labels.size, channels: 3))
        let small = AnyRaster.uint8(Raster(repeating: 0, size: Size(width: 32, height: 23)))
        var linker = TrackastraLinker(model, intensities: .init(low: 0, high: 1))
        #expect { try linker.add(labels, colors) } throws: { error in
            "\(error)".contains("frame 0 has 3 channels")
        }
        #expect { try linker.add(labels, small) } throws: { error in
            "\(error)".contains("frame 0 has 32 x 23")
        }
        var intensities = MovieIntensities()
        #expect(throws: TrackastraError.self) { try intensities.add(colors) }
    }
}
