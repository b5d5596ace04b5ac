import Imaging
import Testing
import Tracking

@Suite("Random edits of lineages")
struct LineagePropertyTests {
    /// An edit of any kind; about half of them break a rule.
    private func edit(_ graph: LineageGraph, _ random: inout SplitMix64) -> LineageEdit {
        let nodes = graph.nodes
        func number(_ range: Range<Int>) -> Int { .random(in: range, using: &random) }
        func any() -> ID { nodes.isEmpty ? ID(0) : nodes[number(0..<nodes.count)].id }
        // Mostly something near in time, so that edits are often possible.
        func near(_ id: ID, _ steps: ClosedRange<Int>) -> ID {
            let frame = (graph[id]?.frame ?? 0) + .random(in: steps, using: &random)
            return graph.nodes(inFrame: frame).randomElement(using: &random)?.id ?? any()
        }
        func scope() -> LineageScope { LineageScope.allCases[number(0..<4)] }
        func new(_ offset: Int, _ frame: Int) -> LineageNode {
            let id = graph.nextID.number + offset
            return node(id, frame: frame, label: UInt32(number(0..<40)))
        }
        let id = any()
        let frame = graph[id]?.frame ?? 0
        switch number(0..<13) {
        case 0: return .connect(id, to: near(id, 0...2), replaces: number(0..<2) == 0)
        case 1: return .break(id, scope: scope())
        case 2: return .swap(id, near(id, 0...0), scope: scope())
        case 3: return .delete(id, scope: scope(), bridges: number(0..<2) == 0)
        case 4: return .divide(id, into: (0..<number(1..<4)).map { _ in near(id, 1...2) })
        case 5: return .merge([id, near(id, 0...0)], scope: scope())
        case 6: return .merge([id, near(id, 0...0), near(id, 0...0)], scope: scope())
        case 7:
            let kept = LineageNode(
                id: id,
                frame: frame,
                label: UInt32(number(1..<40)),
                centroid: Point(x: 0, y: 0),
                area: 4,
                box: Region(x: 0, y: 0, width: 2, height: 2)
            )
            return .split(id, into: [number(0..<2) == 0 ? kept : new(1, frame), new(0, frame)])
        case 8: return .relabel(id, to: UInt32(number(0..<60)), scope: scope())
        case 9: return .insert([new(0, number(0..<12)), new(1, number(0..<12))])
        case 10: return .renumber(graph.trackNumber(of: id) ?? 1, to: UInt32(number(0..<90)))
        case 11:
            guard var moved = graph[id] else { return .several([]) }
            moved.frame += number(0..<3) - 1
            return .update([moved])
        default:
            return .several([
                .break(id, scope: scope()), .connect(id, to: near(id, 1...1), replaces: true),
                .delete(near(id, 0...1)), .relabel(id, to: UInt32(number(1..<60)), scope: .one),
            ])
        }
    }

    @Test(
        "Rules hold after every edit, errors change nothing, undoing all gives the first graph",
        arguments: 0..<24
    )
    func undo(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let first = try randomGraph(&random, frames: 12, objects: 1 + Int(seed % 8))
        #expect(violation(first) == nil)
        var graph = first
        var undone: [LineageEdit] = []
        var states: [LineageGraph] = []
        var failures = 0
        for _ in 0..<120 {
            let edit = edit(graph, &random)
            let before = graph
            do throws(LineageError) {
                undone.append(try graph.apply(edit))
                states.append(before)
            } catch {
                failures += 1
                #expect(graph == before, "\(edit): \(error)")
                #expect("\(error)".isEmpty == false)
            }
            if let problem = violation(graph) {
                Issue.record("seed \(seed), \(edit): \(problem)")
                return
            }
        }
        #expect(
            failures > 5 && undone.count > 20,
            "edits of both kinds: \(undone.count), \(failures)"
        )
        var redone: [LineageEdit] = []
        let last = graph
        for (undo, state) in zip(undone, states).reversed() {
            redone.append(try graph.apply(undo))
            #expect(graph == state)
        }
        #expect(graph == first && violation(graph) == nil)
        for redo in redone.reversed() { try graph.apply(redo) }
        #expect(graph == last)
    }

    @Test("Two tracks that become one never divide anew", arguments: 0..<24)
    func merging(seed: UInt64) throws {
        var random = SplitMix64(seed: 1_000 + seed)
        var graph = try randomGraph(&random, frames: 14, objects: 3 + Int(seed % 6))
        // More gaps than cells leave by themselves.
        for node in graph.nodes where Int.random(in: 0..<4, using: &random) == 0 {
            try graph.apply(.delete(node.id, bridges: true))
        }
        func divisions(_ graph: LineageGraph) -> Int {
            graph.nodes.count { graph.children(of: $0.id).count > 1 }
        }
        for _ in 0..<40 {
            guard let one = graph.nodes.randomElement(using: &random),
                let other = graph.nodes(inFrame: one.frame).randomElement(using: &random),
                one.id != other.id
            else { continue }
            let merged = try graph.applying(.merge([one.id, other.id], scope: .all))
            #expect(violation(merged) == nil)
            #expect(divisions(merged) <= divisions(graph), "seed \(seed), \(one.id), \(other.id)")
            if Int.random(in: 0..<5, using: &random) == 0 { graph = merged }
        }
    }

    @Test("Thousands of objects: rules hold, and undoing all gives the first graph")
    func thousands() throws {
        var random = SplitMix64(seed: 77)
        let first = try randomGraph(&random, frames: 30, objects: 120)
        #expect(first.count > 3_000)
        for (frame, numbers) in first.trackNumbersByFrame() {
            #expect(numbers == first.trackNumbers(inFrame: frame))
        }
        var graph = first
        var undone: [LineageEdit] = []
        for _ in 0..<2_000 {
            let edit = edit(graph, &random)
            do throws(LineageError) { undone.append(try graph.apply(edit)) } catch { continue }
        }
        #expect(undone.count > 500 && violation(graph) == nil)
        for undo in undone.reversed() { try graph.apply(undo) }
        #expect(graph == first && violation(graph) == nil)
    }

    @Test("Empty movies, one frame, and two")
    func small() throws {
        var empty = LineageGraph()
        #expect(empty.tracks().isEmpty && empty.frames == nil && empty.suspicions().isEmpty)
        #expect(throws: LineageError.unknownNode(ID(0))) { try empty.apply(.delete(ID(0))) }
        let undo = try empty.apply(.insert([node(0, frame: 3)]))
        #expect(violation(empty) == nil && empty.frames == 3...3)
        try empty.apply(undo)
        #expect(empty == LineageGraph())
        let one = try graph([(5, -1), (5, -1)])
        #expect(one.tracks().map(\.frames) == [5...5, 5...5] && one.suspicions().isEmpty)
        #expect(try one.records().records.map(\.first) == [5, 5])
        let two = try graph([(0, -1), (1, 0)])
        #expect(two.tracks().count == 1 && two.suspicions().isEmpty)
    }

    @Test("An object that leaves and returns is one track with a gap once it is connected")
    func returning() throws {
        var movie = try graph([(0, -1), (1, 0), (5, -1), (6, 2)])
        #expect(movie.tracks().map(\.number) == [1, 2])
        try movie.apply(.connect(ID(1), to: ID(2)))
        #expect(movie.tracks().map(\.gaps) == [3])
        let tables = try movie.records()
        #expect(
            tables.records == [
                TrackRecord(id: 1, first: 0, last: 1),
                TrackRecord(id: 2, first: 5, last: 6, parent: 1),
            ]
        )
        #expect(tables.numbers(inFrame: 5) == [3: 2])
        let same = try movie.records(gaps: .sameTrack)
        #expect(same.records == [TrackRecord(id: 1, first: 0, last: 6)])
    }

    @Test("An edit with its tree takes a fraction of 50 ms at ten thousand nodes")
    func speed() throws {
        var graph = try graph((0..<10_000).map { ($0 / 100, $0 < 100 ? -1 : $0 - 100) })
        let kept = graph
        let clock = ContinuousClock()
        let times = try (0..<20).map { turn in
            let id = ID(5_000 + turn)
            let edits: [LineageEdit] = [
                .break(id), .connect(ID(4_900 + turn), to: id),
                .divide(ID(4_900 + turn), into: [id, ID(5_050 + turn)]), .delete(ID(7_000 + turn)),
            ]
            return try clock.measure {
                try graph.apply(edits[turn % 4])
                #expect(graph.tracksByLineage().count > 90)
            }
        }
        #expect(kept.count == 10_000 && violation(kept) == nil)
        print("an edit with its tree at 10 000 nodes: \(times.sorted()[10])")
        #expect(times.sorted()[10] < .milliseconds(50))
    }
}

@Suite("Tables of lineages")
struct LineageRecordTests {
    @Test("A table and label images of its numbers give the graph again", arguments: 0..<12)
    func roundTrip(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let graph = try randomGraph(&random, frames: 20, objects: 1 + Int(seed % 6))
        for gaps in [TrackGaps.newTracks, .sameTrack] {
            let table = try graph.records(gaps: gaps)
            var assembly = try LineageAssembly(table.records)
            for frame in 0..<20 {
                let numbers = table.numbers(inFrame: frame)
                let labels = graph.nodes(inFrame: frame).map { numbers[$0.label] ?? 0 }
                try assembly.add(objects(labels))
            }
            let read = try assembly.finish()
            #expect(violation(read) == nil)
            #expect(structure(read.labelledByTrack()) == structure(graph.labelledByTrack()))
            if gaps == .sameTrack { #expect(structure(read) == structure(graph.labelledByTrack())) }
        }
    }

    /// Objects of one pixel each.
    private func objects(_ labels: [UInt32]) throws -> [ObjectMeasurement] {
        guard !labels.isEmpty else { return [] }
        return try LabelImage(size: Size(width: labels.count, height: 1), labels: labels)
            .measurements()
    }

    /// Frame, label and track of every object, and frame and label of what it comes from.
    private func structure(_ graph: LineageGraph) -> [[Int]] {
        let graph = graph.namedInOrder()
        return graph.nodes.map { node in
            let parent = graph.parent(of: node.id).flatMap { graph[$0] }
            return [
                node.frame, Int(node.label), Int(graph.trackNumber(of: node.id) ?? 0),
                parent?.frame ?? -1, Int(parent?.label ?? 0),
            ]
        }
    }

    @Test("A track whose parent has no other child goes on; its number is not used again")
    func singleDaughter() throws {
        let records = [
            TrackRecord(id: 4, first: 0, last: 0), TrackRecord(id: 9, first: 1, last: 1, parent: 4),
        ]
        let objects = try [4, 9].map { label in
            try LabelImage(size: Size(width: 2, height: 1), labels: [label, 0]).measurements()
        }
        var graph = try LineageGraph(records, objects: objects)
        #expect(graph.tracks().map(\.number) == [4])
        try graph.apply(.break(ID(1)))
        #expect(graph.tracks().map(\.number) == [4, 10])
    }

    @Test("Tables that do not fit the objects are errors")
    func mismatch() throws {
        let one = try LabelImage(size: Size(width: 2, height: 1), labels: [1, 0]).measurements()
        func error(_ records: [TrackRecord], _ objects: [[ObjectMeasurement]]) -> LineageError? {
            do throws(LineageError) {
                _ = try LineageGraph(records, objects: objects)
                return nil
            } catch { return error }
        }
        let track = TrackRecord(id: 1, first: 0, last: 1)
        #expect(error([track], [one, one]) == nil)
        #expect(error([], [one]) == .objectWithoutTrack(frame: 0, label: 1))
        #expect(error([track], [one, one, one]) == .objectWithoutTrack(frame: 2, label: 1))
        #expect(error([track], [one, []]) == .trackWithoutObject(1, frame: 1))
        #expect(error([track], [[], one]) == .trackWithoutObject(1, frame: 0))
        #expect(error([track], []) == .trackWithoutObject(1, frame: 0))
        #expect(error([track, track], []) == .trackTwice(1))
        let orphan = TrackRecord(id: 2, first: 2, last: 2, parent: 5)
        #expect(error([track, orphan], []) == .unknownParent(5, of: 2))
        let early = TrackRecord(id: 2, first: 1, last: 2, parent: 1)
        #expect(error([track, early], []) == .parentNotBefore(1, of: 2))
    }
}

@Suite("Suspicious places")
struct SuspicionTests {
    /// One object that walks a pixel in each of twelve frames.
    private func walk(_ change: (inout LineageNode) -> Void = { _ in }) throws -> LineageGraph {
        try LineageGraph(
            nodes: (0..<12).map { frame in
                var node = node(frame, frame: frame, x: Double(frame))
                change(&node)
                return node
            },
            links: (1..<12).map { (ID($0 - 1), ID($0)) }
        )
    }

    @Test("Nothing is said of what is usual")
    func usual() throws { #expect(try walk().suspicions().isEmpty) }

    @Test("A jump, and no jump over a gap at the usual speed")
    func jump() throws {
        let places = try walk { if $0.frame >= 6 { $0.centroid.x += 30 } }.suspicions()
        #expect(places.map(\.kind) == [.jump])
        #expect(places[0].node == ID(6) && places[0].others == [ID(5)] && places[0].frame == 6)
        #expect(places[0].excess > 4)
        var gap = try walk()
        try gap.apply(.delete(ID(5), bridges: true))
        #expect(gap.suspicions().isEmpty)
    }

    @Test("A size that changes; daughters count together")
    func size() throws {
        let places = try walk { if $0.frame == 6 { $0.area = 50 } }.suspicions()
        #expect(places.map(\.kind) == [.sizeChange, .sizeChange])
        #expect(places.map(\.node) == [ID(6), ID(7)])
        let division = try LineageGraph(
            nodes: [
                node(0, frame: 0, x: 0, area: 40), node(1, frame: 1, x: 1), node(2, frame: 1, x: 1),
            ],
            links: [(ID(0), ID(1)), (ID(0), ID(2))]
        )
        #expect(division.suspicions().isEmpty)
    }

    @Test("A mother that ends after her daughter begins comes first, the longest overlap before")
    func lateMother() throws {
        var graph = try walk()
        try graph.apply(.insert([node(12, frame: 4), node(13, frame: 11)]))
        let noted = [
            NotedMother(mother: ID(11), daughter: ID(13)),
            NotedMother(mother: ID(11), daughter: ID(12)),
            NotedMother(mother: ID(99), daughter: ID(12)),
            NotedMother(mother: ID(0), daughter: ID(12)),
        ]
        let places = graph.suspicions(SuspicionLimits(), nil, noted: noted)
        #expect(places.map(\.kind) == [.lateMother, .lateMother, .shortTrack])
        #expect(places.prefix(2).map(\.others) == [[ID(12)], [ID(13)]])
        #expect(places.prefix(2).map(\.excess) == [8, 1] && places[0].node == ID(11))
    }

    @Test("A short track, unless the movie cuts it")
    func short() throws {
        var graph = try walk()
        try graph.apply(.insert([node(12, frame: 4), node(13, frame: 11), node(14, frame: 0)]))
        let places = graph.suspicions()
        #expect(places.map(\.kind) == [.shortTrack] && places[0].node == ID(12))
        var limits = SuspicionLimits()
        limits.shortestTrack = 1
        #expect(graph.suspicions(limits).isEmpty)
    }

    @Test("A link with a close second, the closest first")
    func second() throws {
        var graph = try walk()
        try graph.apply(.insert([node(12, frame: 0), node(13, frame: 0)]))
        let scores = [
            ScoredLink(parent: ID(0), child: ID(1), score: 0.7),
            ScoredLink(parent: ID(12), child: ID(1), score: 0.65),
            ScoredLink(parent: ID(13), child: ID(1), score: 0.2),
            ScoredLink(parent: ID(3), child: ID(4), score: 0.5),
            ScoredLink(parent: ID(12), child: ID(4), score: 0.6),
            ScoredLink(parent: ID(5), child: ID(6), score: 0.9),
            ScoredLink(parent: ID(12), child: ID(6), score: 0.7),
            ScoredLink(parent: ID(99), child: ID(7), score: 0.9),
        ]
        let places = graph.suspicions(scores: scores)
        #expect(places.map(\.kind) == [.closeSecond, .closeSecond])
        #expect(places.map(\.node) == [ID(4), ID(1)])
        #expect(places[1].others == [ID(0), ID(12)])
    }
}
