import Imaging
import Testing

/// Whether polygons follow the rules of the OGC, found by marking pixels, edges and corners of a grid.
@Suite("Valid outlines")
struct ValidPolygonTests {
    /// Why a polygon, its outline first, is not valid; nil if all is well.
    private func defect(of rings: [[Point<OriginalPixels>]], in size: Size) -> String? {
        var edges: Set<[Int]> = []
        var corners: [[Int]: [Int]] = [:]
        // Crossings of vertical edges decide which pixels lie inside.
        var crossings = [[Int]](repeating: [], count: size.height)
        for (number, ring) in rings.enumerated() {
            guard ring.count >= 4 else { return "a ring of \(ring.count) vertices" }
            for (from, to) in zip(ring, ring.dropFirst() + ring.prefix(1)) {
                let (x0, y0, x1, y1) = (Int(from.x), Int(from.y), Int(to.x), Int(to.y))
                guard (x0 == x1) != (y0 == y1) else { return "an edge that is not straight" }
                let (dx, dy) = ((x1 - x0).signum(), (y1 - y0).signum())
                var (x, y) = (x0, y0)
                while (x, y) != (x1, y1) {
                    let edge = [min(x, x + dx), min(y, y + dy), dx == 0 ? 0 : 1]
                    guard edges.insert(edge).inserted else { return "an edge twice" }
                    guard corners[[x, y]]?.contains(number) != true else {
                        return "a ring that meets itself"
                    }
                    corners[[x, y], default: []].append(number)
                    if dx == 0 { crossings[edge[1]].append(x) }
                    (x, y) = (x + dx, y + dy)
                }
            }
        }
        return touching(corners.values.filter { $0.count > 1 }, rings.count)
            ?? inside(rings, crossings)
    }

    /// Rings that touch each other in a circle cut the inside into pieces.
    private func touching(_ meetings: [[Int]], _ count: Int) -> String? {
        var group = Array(0..<count)
        for meeting in meetings {
            guard meeting.count == 2 else { return "\(meeting.count) rings meet in a corner" }
            let (first, second) = (group[meeting[0]], group[meeting[1]])
            guard first != second else { return "rings that touch in a circle, or twice" }
            for ring in group.indices where group[ring] == second { group[ring] = first }
        }
        return nil
    }

    /// The inside is one piece and no hole lies outside.
    private func inside(_ rings: [[Point<OriginalPixels>]], _ crossings: [[Int]]) -> String? {
        var pixels: Set<[Int]> = []
        for (y, row) in crossings.enumerated() {
            let sorted = row.sorted()
            for pair in stride(from: 0, to: sorted.count, by: 2) {
                for x in sorted[pair]..<sorted[pair + 1] { pixels.insert([x, y]) }
            }
        }
        let total = pixels.count
        var waiting = pixels.first.map { [$0] } ?? []
        var reached = 0
        while let pixel = waiting.popLast() {
            guard pixels.remove(pixel) != nil else { continue }
            reached += 1
            for (dx, dy) in [(0, 1), (1, 0), (0, -1), (-1, 0)] {
                let next = [pixel[0] + dx, pixel[1] + dy]
                if pixels.contains(next) { waiting.append(next) }
            }
        }
        guard reached == total else { return "an inside of several pieces" }
        let area = rings.map(signedArea)
        guard area[0] > 0, area.dropFirst().allSatisfy({ $0 < 0 }) else {
            return "a ring that runs the wrong way round"
        }
        return area.reduce(0, +) == Double(total) ? nil : "a hole outside of its outline"
    }

    private func signedArea(_ ring: [Point<OriginalPixels>]) -> Double {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) {
            $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y
        } / 2
    }

    @Test("All polygons of 10 000 random label images are valid", arguments: 0..<10)
    func random(seed: Int) throws {
        var random = Random(seed: UInt64(seed))
        for _ in 0..<1000 {
            let size = Size(
                width: Int.random(in: 1...9, using: &random),
                height: Int.random(in: 1...8, using: &random)
            )
            let labels = (0..<size.count).map { _ in
                // More of one label than of others, so that its parts have pockets and holes.
                UInt32(max(Int.random(in: -1...2, using: &random), 0)) ^ 1
            }
            let image = try LabelImage(size: size, labels: labels)
            var areas: [UInt32: Double] = [:]
            for polygon in image.polygons() {
                let rings = [polygon.outline] + polygon.holes
                #expect(defect(of: rings, in: size) == nil, "\(size): \(labels)")
                areas[polygon.label, default: 0] += rings.map(signedArea).reduce(0, +)
            }
            for label in Set(labels) where label != 0 {
                #expect(areas[label] == Double(labels.count { $0 == label }), "\(labels)")
            }
        }
    }

    @Test("A pocket that is open at a corner only is a hole that touches the outline")
    func pockets() throws {
        let closed = try labels("777", "7.7", "77.").polygons()
        #expect(closed.count == 1 && closed[0].holes.count == 1)
        #expect(closed[0].outline.count == 6 && closed[0].holes[0].count == 4)
        // Two holes that touch each other, and a pocket in each of two corners.
        let twice = try labels("77777", "7.777", "77.77", "77777").polygons()
        #expect(twice.count == 1 && twice[0].holes.map(\.count) == [4, 4])
        let corners = try labels(".777.", "7.7.7", "77777").polygons()
        #expect(corners.map(\.holes.count).sorted() == [2])
        for polygon in closed + twice + corners {
            let rings = [polygon.outline] + polygon.holes
            #expect(defect(of: rings, in: Size(width: 5, height: 4)) == nil)
        }
    }

    @Test("The check finds what is wrong")
    func check() {
        let size = Size(width: 9, height: 9)
        let square = [(0.0, 0.0), (4, 0), (4, 4), (0, 4)]
        let eight = [(0.0, 0.0), (2, 0), (2, 4), (4, 4), (4, 2), (0, 2)]
        let cases: [([[(Double, Double)]], String?)] = [
            ([square], nil), ([eight], "meets itself"), ([square.reversed()], "wrong way"),
            ([square, [(5, 5), (5, 6), (6, 6), (6, 5)]], "several pieces"),
            ([square, [(0, 1), (0, 2), (1, 2), (1, 1)]], "edge twice"),
            ([square, [(1, 1), (1, 2), (2, 2), (2, 1)], [(2, 2), (2, 3), (3, 3), (3, 2)]], nil),
        ]
        for (rings, expected) in cases {
            let points = rings.map { $0.map { Point<OriginalPixels>(x: $0.0, y: $0.1) } }
            let found = defect(of: points, in: size)
            if let expected {
                #expect(found?.contains(expected) == true, "\(found ?? "none")")
            } else {
                #expect(found == nil)
            }
        }
    }
}
