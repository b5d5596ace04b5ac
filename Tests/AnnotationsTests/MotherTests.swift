import Annotations
import Imaging
import Testing
import Tracking

@Suite("Mothers of objects that change as a whole")
struct MotherTests {
    /// Track 1 divides into 2 and 3; `extra` objects lie beside them.
    private func division(_ extra: [(label: UInt32, times: Range<Int>)] = []) throws -> MovieProject
    {
        let movie = try MovieProject()
        for t in 0..<3 { try movie.square(t: t, x: 40, label: 1) }
        for t in 3..<6 {
            try movie.square(t: t, x: 20, label: 2)
            try movie.square(t: t, x: 60, label: 3)
        }
        for (label, times) in extra {
            for t in times { try movie.square(t: t, x: 40 + 20 * Int(label), label: label) }
        }
        let daughters = [TrackNode(t: 3, label: 2), TrackNode(t: 3, label: 3)]
        try movie.track(.divide(TrackNode(t: 2, label: 1), into: daughters))
        return movie
    }

    private func expectUndone(_ movie: MovieProject, _ before: [String]) throws {
        #expect(try movie.project.check() == [])
        #expect(try movie.project.replay(movie.image).isEqual)
        try movie.project.undo(image: movie.image, client: movie.test.client)
        #expect(try movie.tracks == before)
    }

    @Test("A mother of another number stays the mother; undo gives the number back")
    func relabel() throws {
        let movie = try division()
        let before = try movie.tracks
        try movie.test.apply(.relabel(from: 1, to: 9))
        #expect(try movie.tracks == ["2<9: 3 4 5", "3<9: 3 4 5", "9: 0 1 2"])
        try movie.test.reopen()
        #expect(try movie.project.objects(image: movie.image).map(\.parent) == [9, 9, nil])
        try expectUndone(movie, before)
        try movie.test.apply(.relabel(from: 2, to: 9))
        #expect(try movie.tracks == ["1: 0 1 2", "3<1: 3 4 5", "9<1: 3 4 5"])
    }

    @Test("A merged object is the mother of all daughters, and has the mother of its parts")
    func merge() throws {
        let movie = try division([(4, 0..<3), (5, 3..<6)])
        let before = try movie.tracks
        try movie.test.apply(.merge([4, 1]))
        let kept = ["4: 0 1 2", "5: 3 4 5"]
        #expect(try movie.tracks == ["2<4: 3 4 5", "3<4: 3 4 5"] + kept)
        try expectUndone(movie, before)
        try movie.test.apply(.merge([5, 2]))
        #expect(try movie.tracks == ["1: 0 1 2", "3<1: 3 4 5", "4: 0 1 2", "5<1: 3 4 5"])
        try expectUndone(movie, before)
    }

    @Test("A mother that is one with her daughter is not her own mother")
    func mergeWithDaughter() throws {
        for labels in [[1, 2], [2, 1]] as [[UInt32]] {
            let movie = try division()
            try movie.test.apply(.merge(labels))
            let objects = try movie.project.objects(image: movie.image)
            let merged = try #require(objects.first { $0.label == labels[0] })
            #expect(merged.parent == nil && merged.times == 0..<6)
            #expect(objects.first { $0.label == 3 }?.parent == labels[0])
        }
    }

    @Test("Who is gone is nobody's mother, and the number makes no division when it comes again")
    func gone() throws {
        let all = try box(y: 0, x: 0, height: 60, width: 300)
        for way in 0..<2 {
            let movie = try division()
            let before = try movie.tracks
            if way == 0 {
                try movie.test.apply(.delete([1]))
            } else {
                // The last pixels of an object may go in any way.
                for t in 0..<3 { try movie.test.apply(.erase(all, label: 1), t: t) }
            }
            #expect(try movie.project.objects(image: movie.image).map(\.parent) == [nil, nil])
            try movie.square(t: 0, x: 200, label: 1)
            #expect(try movie.tracks == ["1: 0", "2: 3 4 5", "3: 3 4 5"])
            #expect(try movie.project.replay(movie.image).isEqual)
            for _ in 0..<(way == 0 ? 2 : 4) {
                try movie.project.undo(image: movie.image, client: movie.test.client)
            }
            #expect(try movie.tracks == before)
        }
    }

    @Test("A mother that is painted one time point too far is listed, and is a mother again after")
    func late() throws {
        let movie = try division()
        let before = try movie.tracks
        try movie.square(t: 3, x: 40, label: 1)
        #expect(try movie.tracks == ["1: 0 1 2 3", "2: 3 4 5", "3: 3 4 5"])
        let places = try movie.project.trackSuspicions(image: movie.image)
            .filter { $0.kind == .lateMother }
        #expect(places.map(\.node) == [TrackNode(t: 3, label: 1), TrackNode(t: 3, label: 1)])
        #expect(Set(places.flatMap(\.others).map(\.label)) == [2, 3])
        #expect(places.allSatisfy { $0.excess == 1 && $0.x == 44.5 })
        try movie.test.apply(.erase(box(y: 20, x: 40, height: 10, width: 10), label: 1), t: 3)
        #expect(try movie.tracks == before)
        let after = try movie.project.trackSuspicions(image: movie.image)
        #expect(!after.contains { $0.kind == .lateMother })
    }

    @Test("Random gestures never leave a mother who is not there", arguments: 1...6)
    func random(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let movie = try division([(4, 0..<2), (5, 2..<6), (6, 3..<4)])
        let first = try movie.project.objects(image: movie.image)
        var expected = Dictionary(uniqueKeysWithValues: first.map { ($0.label, $0.parent) })
        var count = 0
        for step in 0..<40 {
            let labels = expected.keys.sorted()
            guard let label = labels.randomElement(using: &random),
                let other = labels.randomElement(using: &random)
            else { break }
            let next = UInt32(100 + step)
            switch Int.random(in: 0..<8, using: &random) {
            case 0 where label != other:
                try movie.test.apply(.merge([label, other]))
                expected[other] = nil
                rename(other, label, &expected)
                let objects = try movie.project.objects(image: movie.image)
                expected[label] = objects.first { $0.label == label }?.parent
            case 1 where labels.count > 4:
                try movie.test.apply(.delete([label]))
                expected[label] = nil
                rename(label, nil, &expected)
            case 2:
                try movie.project.undo(image: movie.image, client: movie.test.client)
                try movie.project.redo(image: movie.image, client: movie.test.client)
                continue
            default:
                try movie.test.apply(.relabel(from: label, to: next))
                expected[next] = expected.removeValue(forKey: label)
                rename(label, next, &expected)
            }
            count += 1
            let objects = try movie.project.objects(image: movie.image)
            #expect(objects.map(\.label) == expected.keys.sorted())
            for object in objects {
                #expect(expected[object.label] == object.parent, "step \(step)")
                #expect(object.parent.map { expected.keys.contains($0) } ?? true)
            }
            _ = try movie.project.lineage(image: movie.image)
        }
        #expect(try movie.project.check() == [])
        #expect(try movie.project.replay(movie.image).isEqual)
        for _ in 0..<count {
            try movie.project.undo(image: movie.image, client: movie.test.client)
        }
        #expect(try movie.project.objects(image: movie.image) == first)
    }

    private func rename(_ old: UInt32, _ new: UInt32?, _ mothers: inout [UInt32: UInt32?]) {
        for (label, mother) in mothers where mother == old {
            mothers.updateValue(new == label ? nil : new, forKey: label)
        }
    }
}
