import Foundation
import Imaging
import Testing
import Tracking

@Suite("Edits of lineages")
struct LineageEditTests {
    /// Two tracks of four frames: 0 2 4 6 and 1 3 5 7.
    private func pair() throws -> LineageGraph {
        try graph((0..<8).map { ($0 / 2, $0 - 2 < 0 ? -1 : $0 - 2) })
    }

    /// Makes an edit, checks the rules, takes it back, and makes it again.
    private func edited(
        _ graph: LineageGraph,
        _ edit: LineageEdit,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> LineageGraph {
        var result = graph
        let undo = try result.apply(edit)
        #expect(violation(result) == nil, sourceLocation: sourceLocation)
        let data = try JSONEncoder().encode([edit, undo])
        #expect(try JSONDecoder().decode([LineageEdit].self, from: data) == [edit, undo])
        var back = result
        let redo = try back.apply(undo)
        #expect(back == graph, sourceLocation: sourceLocation)
        try back.apply(redo)
        #expect(back == result, sourceLocation: sourceLocation)
        return result
    }

    private func tracks(_ graph: LineageGraph) -> [UInt32: [Int]] {
        Dictionary(
            uniqueKeysWithValues: graph.tracks().map { ($0.number, $0.nodes.map(\.number)) }
        )
    }

    @Test("Connecting goes on with a track, or divides it")
    func connect() throws {
        let single = try graph([(0, -1), (1, -1), (1, -1)])
        let one = try edited(single, .connect(ID(0), to: ID(1)))
        #expect(tracks(one) == [1: [0, 1], 3: [2]])
        let two = try edited(one, .connect(ID(0), to: ID(2)))
        // The mother keeps her number, the first daughter gets one, the second had one.
        #expect(tracks(two) == [1: [0], 4: [1], 3: [2]])
        #expect(two.track(1)?.children == [3, 4])
        #expect(try edited(two, .connect(ID(0), to: ID(2))) == two)
    }

    @Test("An object that comes from elsewhere is taken over only if that is said")
    func takeOver() throws {
        let pair = try pair()
        #expect(throws: LineageError.hasParent(ID(3), ID(1))) {
            try edited(pair, .connect(ID(0), to: ID(3)))
        }
        let taken = try edited(pair, .connect(ID(0), to: ID(3), replaces: true))
        #expect(tracks(taken) == [1: [0], 2: [1], 3: [2, 4, 6], 4: [3, 5, 7]])
        #expect(taken.track(1)?.children == [3, 4])
        for (from, to) in [(2, 0), (2, 3), (2, 2), (2, 99)] {
            #expect(throws: LineageError.self) {
                try edited(pair, .connect(ID(from), to: ID(to), replaces: true))
            }
        }
    }

    @Test("Breaking cuts before, behind, on both sides, or a whole track off its mother")
    func breaking() throws {
        let pair = try pair()
        #expect(
            tracks(try edited(pair, .break(ID(4), scope: .future)))
                == [1: [0, 2], 3: [4, 6], 2: [1, 3, 5, 7]]
        )
        #expect(
            tracks(try edited(pair, .break(ID(4), scope: .past)))
                == [1: [0, 2, 4], 3: [6], 2: [1, 3, 5, 7]]
        )
        #expect(
            tracks(try edited(pair, .break(ID(4), scope: .one)))
                == [1: [0, 2], 3: [4], 4: [6], 2: [1, 3, 5, 7]]
        )
        // 0 < 1 2, and 1 goes on.
        let division = try graph([(0, -1), (1, 0), (1, 0), (2, 1)])
        let cut = try edited(division, .break(ID(3), scope: .all))
        #expect(tracks(cut) == [1: [0, 2], 2: [1, 3]])
    }

    @Test("Swapping exchanges what comes after, what comes before, one object, or numbers")
    func swap() throws {
        let pair = try pair()
        #expect(
            tracks(try edited(pair, .swap(ID(4), ID(5), scope: .future)))
                == [1: [0, 2, 5, 7], 2: [1, 3, 4, 6]]
        )
        #expect(
            tracks(try edited(pair, .swap(ID(4), ID(5), scope: .past)))
                == [1: [0, 2, 4, 7], 2: [1, 3, 5, 6]]
        )
        #expect(
            tracks(try edited(pair, .swap(ID(4), ID(5), scope: .one)))
                == [1: [0, 2, 5, 6], 2: [1, 3, 4, 7]]
        )
        #expect(
            tracks(try edited(pair, .swap(ID(4), ID(7), scope: .all)))
                == [2: [0, 2, 4, 6], 1: [1, 3, 5, 7]]
        )
        #expect(throws: LineageError.notInOneFrame(ID(4), ID(7))) {
            try edited(pair, .swap(ID(4), ID(7)))
        }
        // A track that begins late keeps its number when it begins with the other object.
        let late = try graph([(0, -1), (1, 0), (2, 1), (2, -1), (3, 3)])
        #expect(
            tracks(try edited(late, .swap(ID(2), ID(3)))) == [1: [0, 1, 3, 4], 2: [2]]
        )
    }

    @Test("Deleting takes objects in scope away; with a bridge the track goes on over a gap")
    func delete() throws {
        let pair = try pair()
        #expect(tracks(try edited(pair, .delete(ID(4)))) == [1: [0, 2], 3: [6], 2: [1, 3, 5, 7]])
        #expect(
            tracks(try edited(pair, .delete(ID(4), bridges: true)))
                == [1: [0, 2, 6], 2: [1, 3, 5, 7]]
        )
        #expect(tracks(try edited(pair, .delete(ID(4), scope: .future)))[1] == [0, 2])
        // What is left of a track keeps its number.
        #expect(tracks(try edited(pair, .delete(ID(4), scope: .past)))[1] == [6])
        #expect(tracks(try edited(pair, .delete(ID(4), scope: .all)))[1] == nil)
        let division = try graph([(0, -1), (1, 0), (2, 1), (2, 1)])
        let bridged = try edited(division, .delete(ID(1), bridges: true))
        #expect(bridged.track(1)?.children == [2, 3])
    }

    @Test("Marking daughters divides, wherever they came from; three are allowed and reported")
    func divide() throws {
        let pair = try pair()
        let divided = try edited(pair, .divide(ID(2), into: [ID(4), ID(5)]))
        #expect(tracks(divided) == [1: [0, 2], 2: [1, 3], 3: [4, 6], 4: [5, 7]])
        #expect(divided.track(2)?.children == [])
        let three = try graph([(0, -1), (1, 0), (1, -1), (1, -1), (1, -1)])
        let many = try edited(three, .divide(ID(0), into: [ID(2), ID(3), ID(4)]))
        #expect(many.parent(of: ID(1)) == nil)
        let places = many.suspicions().filter { $0.kind == .manyDaughters }
        #expect(places.map(\.others) == [[ID(2), ID(3), ID(4)]])
        for wrong in [[4], [4, 4], [4, 2], [4, 0], []] {
            #expect(throws: LineageError.self) {
                try edited(pair, .divide(ID(2), into: wrong.map { ID($0) }))
            }
        }
    }

    @Test("Merging makes objects of one frame one, in one frame or all along")
    func merge() throws {
        let pair = try pair()
        let once = try edited(pair, .merge([ID(4), ID(5)]))
        #expect(once.count == 7 && once[ID(4)]?.area == 40)
        #expect(once[ID(4)]?.centroid.x == 45 && once[ID(4)]?.label == 5)
        #expect(once[ID(4)]?.box == Region(x: 38, y: 2, width: 15, height: 4))
        #expect(tracks(once) == [1: [0, 2, 4], 2: [1, 3], 3: [6], 4: [7]])
        let along = try edited(pair, .merge([ID(4), ID(5)], scope: .all))
        #expect(tracks(along) == [1: [0, 2, 4, 6]])
        let later = try edited(pair, .merge([ID(4), ID(5)], scope: .future))
        #expect(tracks(later) == [1: [0, 2, 4, 6], 2: [1, 3]])
        let earlier = try edited(pair, .merge([ID(4), ID(5)], scope: .past))
        #expect(tracks(earlier)[1] == [0, 2, 4] && earlier.track(1)?.children.count == 2)
        #expect(throws: LineageError.self) { try edited(pair, .merge([ID(4), ID(7)])) }
        #expect(throws: LineageError.self) { try edited(pair, .merge([ID(4)])) }
    }

    @Test("Objects of one track fill the gaps of the other one, and nothing divides")
    func mergeWithGap() throws {
        // 0 2 with a gap, and 1 3 4.
        let gap = try graph([(0, -1), (0, -1), (2, 0), (1, 1), (2, 3)])
        let filled = try edited(gap, .merge([ID(2), ID(4)], scope: .all))
        #expect(tracks(filled) == [1: [0, 3, 2]])
        #expect(filled.count == 3)
        // From the gap on; what was before stays where it is.
        let late = try graph([(0, -1), (0, -1), (1, 0), (1, 1), (2, 3), (3, 2), (3, 4)])
        let future = try edited(late, .merge([ID(2), ID(3)], scope: .future))
        #expect(tracks(future) == [1: [0, 2, 4, 5], 2: [1]])
        // What comes behind the last object of the first track goes on from there.
        let long = try graph([(1, -1), (1, -1), (2, 0), (3, 2), (5, 1)])
        let longer = try edited(long, .merge([ID(0), ID(1)], scope: .all))
        #expect(tracks(longer) == [1: [0, 2, 3, 4]])
        // What comes before its first object is where it comes from.
        let early = try graph([(1, -1), (2, 0), (0, -1), (2, 2)])
        let joined = try edited(early, .merge([ID(1), ID(3)], scope: .all))
        #expect(joined.tracks().map(\.nodes) == [[ID(2), ID(0), ID(1)]])
    }

    @Test("Splitting makes several objects of one, of which one may keep the links")
    func split() throws {
        let pair = try pair()
        let next = pair.nextID.number
        let kept = try edited(
            pair,
            .split(ID(4), into: [node(next, frame: 2, label: 5), node(4, frame: 2, label: 80)])
        )
        #expect(tracks(kept) == [1: [0, 2, 4, 6], 2: [1, 3, 5, 7], 3: [8]])
        let cut = try edited(
            pair,
            .split(ID(4), into: [node(next, frame: 2), node(next + 1, frame: 2)])
        )
        #expect(cut.count == 9 && tracks(cut)[1] == [0, 2])
        for parts in [
            [node(next, frame: 2)], [node(next, frame: 2), node(next + 1, frame: 3)],
            [node(next, frame: 2), node(next, frame: 2, label: 99)],
            [node(next, frame: 2, label: 6), node(4, frame: 2)],
        ] {
            #expect(throws: LineageError.self) { try edited(pair, .split(ID(4), into: parts)) }
        }
    }

    @Test("Labels change in scope, and are exchanged together")
    func relabel() throws {
        let pair = try pair()
        let some = try edited(pair, .relabel(ID(4), to: 77, scope: .future))
        #expect([0, 2, 4, 6].map { some[ID($0)]?.label } == [1, 3, 77, 77])
        let all = try edited(pair, .relabel(ID(4), to: 77))
        #expect([0, 2, 4, 6].allSatisfy { all[ID($0)]?.label == 77 })
        #expect(throws: LineageError.labelInUse(frame: 2, label: 6)) {
            try edited(pair, .relabel(ID(4), to: 6, scope: .one))
        }
        #expect(throws: LineageError.self) { try edited(pair, .relabel(ID(4), to: 0)) }
        let exchanged = try edited(
            pair,
            .update([node(4, frame: 2, label: 6), node(5, frame: 2, label: 5)])
        )
        #expect(exchanged.node(frame: 2, label: 6)?.id == ID(4))
        #expect(throws: LineageError.self) { try edited(pair, .update([node(4, frame: 3)])) }
        #expect(try edited(pair, .renumber(2, to: 9)).track(9)?.nodes.first == ID(1))
        #expect(throws: LineageError.numberInUse(1)) { try edited(pair, .renumber(2, to: 1)) }
    }

    @Test("Several edits are made all or not at all")
    func several() throws {
        var pair = try pair()
        let before = pair
        let edits: [LineageEdit] = [
            .delete(ID(4), bridges: true), .insert([node(8, frame: 2, label: 5)]),
            .connect(ID(2), to: ID(8)),
        ]
        #expect(throws: LineageError.self) {
            try pair.apply(.several(edits + [.connect(ID(7), to: ID(0))]))
        }
        #expect(pair == before && violation(pair) == nil && pair.nextID == before.nextID)
        let after = try edited(pair, .several(edits))
        #expect(after.children(of: ID(2)) == [ID(6), ID(8)])
    }

    @Test("A change that was made for another state is refused, and changes nothing")
    func foreignChange() throws {
        let pair = try pair()
        var graph = pair
        let undo = try graph.apply(.delete(ID(4), scope: .all))
        try graph.apply(.insert([node(8, frame: 2, label: 5)]))
        let before = graph
        #expect(throws: LineageError.labelInUse(frame: 2, label: 5)) { try graph.apply(undo) }
        #expect(graph == before && violation(graph) == nil)
        let states: [LineageChange.Entry] = [
            .init(id: ID(1), state: nil),
            .init(id: ID(1), state: .init(node: node(1, frame: 0), parent: nil, number: nil)),
            .init(id: ID(1), state: .init(node: node(1, frame: 0), parent: nil, number: 1)),
            .init(id: ID(3), state: .init(node: node(3, frame: 1), parent: ID(1), number: 7)),
            .init(id: ID(3), state: .init(node: node(3, frame: 1), parent: ID(5), number: nil)),
            .init(id: ID(3), state: .init(node: node(2, frame: 1), parent: nil, number: 8)),
            .init(id: ID(50), state: nil),
        ]
        for state in states {
            var graph = pair
            #expect(throws: LineageError.self, "\(state)") {
                try graph.apply(.restore(LineageChange([state])))
            }
            #expect(graph == pair && violation(graph) == nil)
        }
    }
}
