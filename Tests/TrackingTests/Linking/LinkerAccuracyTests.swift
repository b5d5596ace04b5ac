import Foundation
import ImageFormats
import Imaging
import TestFixtures
import Testing
import Tracking

/// The default linker on true masks, against true links.
@Suite("Accuracy of the default linker", .enabled(if: Fixtures.areAvailable))
struct LinkerAccuracyTests {
    /// Counts from which the measures of the Cell Tracking Challenge follow when all masks are right.
    struct Counts {
        var nodes = 0
        var edges = 0
        var missing = 0
        var wrong = 0
        var divisions = 0
        var foundDivisions = 0
        var rightDivisions = 0

        /// Missing links cost 1.5, wrong ones 1, as in Matula et al., PLoS ONE 10, e0144959, 2015.
        private var errors: Double { 1.5 * Double(missing) + Double(wrong) }
        var lnk: Double { 1 - errors / (1.5 * Double(edges)) }
        var tra: Double { 1 - errors / (10 * Double(nodes) + 1.5 * Double(edges)) }
        var divisionF1: Double { 2 * Double(rightDivisions) / Double(divisions + foundDivisions) }
    }

    @Test("Growing bacteria")
    func bacteria() throws {
        let folder = Fixtures.dataFolder.appendingPathComponent("bacteria_tracking/labels")
        let movie = try (0..<32).map { frame in
            let name = String(format: "man_track%03d.tif", frame)
            return try ImageSource(opening: folder.appendingPathComponent(name)).readLabels(
                PlaneIndex()
            )
        }
        let counts = try counts(movie, table: folder.appendingPathComponent("man_track.txt"))
        print(
            "bacteria: TRA \(counts.tra), LNK \(counts.lnk), F1 of divisions \(counts.divisionF1)"
        )
        #expect(counts.tra >= 0.99)
        #expect(counts.lnk >= 0.98)
        #expect(counts.divisionF1 >= 0.9)
    }

    @Test(
        "Simulated movies",
        arguments: ["trackastra_truth_sim", "tracking_interactive.sim.truth"]
    )
    func simulated(_ name: String) throws {
        let source = try ImageSource(opening: Fixtures.folder.appendingPathComponent("\(name).tif"))
        let axes = source.description.axes
        let movie = try (0..<axes.t * axes.z).map {
            try source.readLabels(PlaneIndex(t: $0 / axes.z, z: $0 % axes.z))
        }
        let counts = try counts(movie, table: Fixtures.folder.appendingPathComponent("\(name).txt"))
        #expect(counts.lnk == 1 && counts.divisionF1 == 1)
    }

    private func counts(_ movie: [LabelImage], table: URL) throws -> Counts {
        let (detections, links) = try Linker.link(movie)
        let places = Dictionary(
            uniqueKeysWithValues: detections.enumerated().map { (Place($1.frame, $1.label), $0) }
        )
        let expected = try trueLinks(table, places)
        var counts = Counts()
        counts.nodes = detections.count
        counts.edges = expected.count
        counts.missing = expected.subtracting(links).count
        counts.wrong = Set(links).subtracting(expected).count
        let (right, found) = (divisions(expected), divisions(Set(links)))
        counts.divisions = right.count
        counts.foundDivisions = found.count
        counts.rightDivisions = right.filter { found[$0.key] == $0.value }.count
        return counts
    }

    private struct Place: Hashable {
        let frame: Int
        let label: UInt32

        init(_ frame: Int, _ label: UInt32) { (self.frame, self.label) = (frame, label) }
    }

    /// The links of a table with lines of track, first frame, last frame and parent.
    private func trueLinks(_ table: URL, _ places: [Place: Int]) throws -> Set<Link> {
        let rows = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").map {
            line in
            line.split(separator: " ").compactMap { Int($0) }
        }
        let last = Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[2]) })
        var links: Set<Link> = []
        for row in rows {
            var previous = last[row[3]].flatMap { places[Place($0, UInt32(row[3]))] }
            for frame in row[1]...row[2] {
                guard let node = places[Place(frame, UInt32(row[0]))] else { continue }
                if let previous { links.insert(Link(from: previous, to: node)) }
                previous = node
            }
        }
        return links
    }

    private func divisions(_ links: Set<Link>) -> [Int: Set<Int>] {
        Dictionary(grouping: links, by: \.source).mapValues { Set($0.map(\.target)) }.filter {
            $0.value.count > 1
        }
    }
}
