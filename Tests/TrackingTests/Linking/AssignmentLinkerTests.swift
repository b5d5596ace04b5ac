import Imaging
import Testing
import Tracking

@Suite("Linking by assignment")
struct AssignmentLinkerTests {
    /// A spot of a given area.
    private func spot(_ frame: Int, _ x: Int, _ y: Int, side: Int = 3) throws -> Detection {
        var labels = LabelImage(size: Size(width: 200, height: 100))
        for py in y..<y + side {
            for px in x..<x + side { labels[x: px, y: py] = 1 }
        }
        return Detection(frame: frame, measurement: try #require(try labels.measurements().first))
    }

    @Test("As many as possible are linked, at the lowest sum of squares")
    func crossing() throws {
        // The nearest target of 0 is that of 1; taking it would leave 1 without any.
        let spots = [
            try spot(0, 10, 10), try spot(0, 16, 10), try spot(1, 3, 10), try spot(1, 14, 10),
        ]
        let links = AssignmentLinker(maximumDistance: 8).link(spots)
        #expect(links == [Link(from: 0, to: 2), Link(from: 1, to: 3)])
        #expect(AssignmentLinker(maximumDistance: 1).link(spots).isEmpty)
        #expect(AssignmentLinker(maximumDistance: 1).link([]).isEmpty)
    }

    @Test("Gaps are closed up to a length, and divisions are found if asked for")
    func segments() throws {
        var spots: [Detection] = []
        for frame in 0..<8 {
            if ![3, 4].contains(frame) { spots.append(try spot(frame, 20 + frame, 20)) }
            spots.append(try spot(frame, 100, 50, side: frame < 4 ? 8 : 5))
            if frame >= 4 { spots.append(try spot(frame, 107, 52, side: 5)) }
        }
        func links(_ gap: Int, _ division: Double?) -> [Link] {
            AssignmentLinker(maximumDistance: 6, maximumGap: gap, maximumDivisionDistance: division)
                .link(spots)
        }
        let without = links(1, nil)
        let jump = links(2, nil).filter { !without.contains($0) }
        #expect(
            jump.map { spots[$0.source].frame } == [2] && jump.map { spots[$0.target].frame } == [5]
        )
        let division = links(2, 12).filter { !links(2, nil).contains($0) }
        #expect(
            division.map { spots[$0.source].frame } == [3]
                && division.map { spots[$0.target].frame } == [4]
        )
    }
}
