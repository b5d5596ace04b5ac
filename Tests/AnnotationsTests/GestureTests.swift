import Annotations
import Foundation
import Imaging
import Prompting
import Testing
import Tracking

@Suite("Gestures")
struct GestureTests {
    @Test("A commit over four tiles is answered with its tiles and its object")
    func commit() throws {
        let test = try TestProject()
        let answer = try test.commit(y: 250, x: 250, height: 10, width: 20)
        #expect(answer.edit == 1 && answer.parent == 0 && answer.created == [1])
        #expect(answer.tiles.map(\.address.row) == [0, 0, 1, 1])
        let object = try #require(answer.objects.first)
        #expect(object.box == Region(x: 250, y: 250, width: 20, height: 10))
        #expect(object.area == 200 && object.centroid == Point(x: 259.5, y: 254.5))
        #expect(answer.canUndo && !answer.canRedo && !answer.repeated)
        #expect(try test.labels().area(1) == 200)
        let tile = try test.project.labels(image: test.image, row: 0, col: 0)
        #expect(tile.hash == answer.tiles[0].hash && tile.bytes.count == 262_144)
        #expect(tile.bytes[4 * (255 * 256 + 255)] == 1)
    }

    @Test("What is there stays, is kept whole, or is overwritten, as the rule says")
    func rules() throws {
        let test = try TestProject()
        try test.commit(y: 10, x: 10, height: 10, width: 10)
        try test.commit(y: 10, x: 15, height: 10, width: 10, .keep)
        #expect(try test.labels().area(1) == 100 && test.labels().area(2) == 50)
        try test.commit(y: 10, x: 15, height: 10, width: 10, .overwrite)
        #expect(try test.labels().area(1) == 50 && test.labels().area(3) == 100)
        #expect(try test.project.objects(image: test.image).map(\.label) == [1, 3])
        // 40 of the 50 pixels of object 1: the new one is left out.
        let dropped = try test.commit(y: 10, x: 10, height: 8, width: 9, .keepObjects)
        #expect(dropped.created.isEmpty && dropped.edit == 3)
        let taken = try test.commit(y: 10, x: 10, height: 2, width: 6, .keepObjects)
        #expect(taken.created == [4] && taken.objects.map(\.area) == [40, 98, 12])
    }

    @Test("A locked object is changed by gestures that name it only")
    func locked() throws {
        let test = try TestProject()
        try test.commit(y: 10, x: 10, height: 10, width: 10)
        try test.apply(.setFlags([1], .init(locked: true)))
        try test.commit(y: 5, x: 5, height: 10, width: 10, .overwrite)
        try test.apply(.erase(box(y: 0, x: 0, height: 50, width: 50)))
        #expect(try test.labels().area(1) == 100 && test.labels().area(2) == 0)
        try test.apply(.erase(box(y: 10, x: 10, height: 5, width: 10), label: 1))
        #expect(try test.labels().area(1) == 50)
        try test.apply(.delete([1]))
        #expect(try test.project.objects(image: test.image).isEmpty)
    }

    @Test("A commit that replaces an object keeps its label, name and class")
    func replaced() throws {
        let test = try TestProject()
        var object = NewObject(mask: try box(y: 10, x: 10, height: 10, width: 10))
        object.prompts = [.point(Point(x: 12, y: 13))]
        object.category = "nucleus"
        try test.apply(.commit(object))
        object.mask = try box(y: 15, x: 15, height: 10, width: 10)
        object.category = nil
        object.prompts.append(.point(Point(x: 1, y: 2), .negative))
        let answer = try test.apply(.commit(object, replacing: 1))
        #expect(answer.created.isEmpty && answer.objects.map(\.label) == [1])
        #expect(answer.objects[0].category == "nucleus" && answer.objects[0].area == 100)
        let details = try test.project.object(image: test.image, label: 1)
        #expect(details.prompts == object.prompts)
        try test.project.undo(image: test.image, client: test.client)
        #expect(try test.project.object(image: test.image, label: 1).prompts.count == 1)
    }

    @Test("Paint, erase, fill and fill holes do what a drawing shows")
    func brush() throws {
        let test = try TestProject()
        let new = try test.apply(.paint(label: 0, box(y: 20, x: 20, height: 10, width: 10)))
        #expect(new.created == [1] && new.objects[0].source == .brush)
        try test.apply(.paint(label: 1, box(y: 25, x: 25, height: 10, width: 10)))
        #expect(try test.labels().area(1) == 175)
        try test.apply(.erase(box(y: 22, x: 22, height: 3, width: 3)))
        #expect(try test.labels().area(1) == 166)
        try test.apply(.fillHoles([1]))
        #expect(try test.labels().area(1) == 175)
        try test.apply(.erase(box(y: 22, x: 22, height: 3, width: 3)))
        let filled = try test.apply(.fill(label: 0, y: 23, x: 23))
        #expect(filled.created == [2] && filled.objects.last?.area == 9)
        let open = try test.apply(.fill(label: 1, y: 100, x: 100))
        #expect(open.tiles.isEmpty && open.edit == filled.edit && open.words == "Nothing changed")
    }

    @Test("Split cuts in two along a line, merge joins again")
    func splitAndMerge() throws {
        let test = try TestProject()
        try test.commit(y: 10, x: 10, height: 20, width: 40)
        let line = [Point<OriginalPixels>(x: 20, y: 0), Point(x: 20, y: 50)]
        let split = try test.apply(.split(1, line: line, width: 0))
        #expect(split.created == [2])
        #expect(try test.labels().area(1) + test.labels().area(2) == 800)
        let merged = try test.apply(.merge([2, 1]))
        #expect(merged.removed == [1] && merged.objects.map(\.area) == [800])
        let gap = try test.apply(.split(2, line: line, width: 3))
        #expect(gap.created == [3])
        #expect(try test.labels().area(2) + test.labels().area(3) == 740)
        let beside = try test.apply(.split(3, line: line, width: 0))
        #expect(beside.words == "Nothing changed")
        for (line, width, words) in [
            ([line[0]], 0, "1 points"), (line, 1001, "the width of a split is 1001"),
            ([line[0], Point(x: 1e9, y: 0)], 0, "too far away"),
        ] as [([Point<OriginalPixels>], Double, String)] {
            let refusal = #expect(throws: ProjectError.self) {
                try test.apply(.split(2, line: line, width: width))
            }
            #expect(refusal?.description.contains(words) == true)
        }
    }

    @Test("An object that is named twice counts once")
    func namedTwice() throws {
        let test = try TestProject()
        try test.commit(y: 1, x: 1, height: 5, width: 5)
        try test.commit(y: 11, x: 1, height: 5, width: 5)
        #expect(try test.apply(.setClass([1, 1], "a")).words == "Class 'a' for object 1")
        #expect(try test.apply(.delete([1, 2, 1])).words == "Delete 2 objects")
    }

    @Test("Smooth takes a spike away and fills a dent")
    func smooth() throws {
        let test = try TestProject()
        try test.commit(y: 50, x: 50, height: 30, width: 30)
        try test.apply(.paint(label: 1, box(y: 60, x: 80, height: 1, width: 10)))
        try test.apply(.erase(box(y: 65, x: 50, height: 1, width: 4)))
        let answer = try test.apply(.smooth([1], radius: 3))
        let labels = try test.labels()
        #expect(labels[x: 88, y: 60] == 0 && labels[x: 52, y: 65] == 1)
        #expect(answer.objects.map(\.label) == [1])
    }

    @Test("Relabel, class, name, flags and status are undone like all others")
    func words() throws {
        let test = try TestProject()
        try test.commit(y: 1, x: 1, height: 5, width: 5)
        try test.apply(.relabel(from: 1, to: 77))
        try test.apply(.setClass([77], "cell"))
        try test.apply(.setName(77, "Anna"))
        try test.apply(.setFlags([77], .init(doubtful: true)))
        let last = try test.apply(.setStatus(.done))
        #expect(last.status == .done && last.words == "Image is done")
        let object = try test.project.object(image: test.image, label: 77).object
        #expect(object.category == "cell" && object.name == "Anna" && object.isDoubtful)
        #expect(try test.commit(y: 50, x: 1, height: 5, width: 5).created == [78])
        for _ in 0..<6 { try test.project.undo(image: test.image, client: test.client) }
        #expect(try test.project.image(test.image).status == .new)
        #expect(try test.project.objects(image: test.image).map(\.label) == [1])
        #expect(throws: ProjectError.unknownObject(77)) { try test.apply(.delete([77])) }
    }

    @Test("The JSON form of every kind of gesture comes back as it was")
    func json() throws {
        let mask = try box(y: 1, x: 2, height: 3, width: 4)
        var object = NewObject(mask: mask, source: .automatic, category: "cell")
        object.prompts = [.box(Box(minX: 1, minY: 2, maxX: 3, maxY: 4))]
        object.score = 0.5
        let actions: [Gesture.Action] = [
            .commit(object, replacing: 3, .overwrite), .commitMany([object, object], .keepObjects),
            .commitVolume([object], replacing: 3, .keep), .commitVolume([object, object]),
            .accept([object], .keep),
            .accept(
                [object],
                .keep,
                AutomaticSettings(mode: .generatedPrompts, parameters: ["min_size": 3])
            ),
            .importLabels([], .keep), .paint(label: 0, mask, .keep),
            .erase(mask, label: nil), .erase(mask, label: 4), .fill(label: 1, y: 2, x: 3),
            .fillHoles([1, 2]), .smooth([1], radius: 4),
            .split(1, line: [Point(x: 1, y: 2.5), Point(x: 3, y: 4)], width: 2),
            .merge([1, 2]), .delete([]), .relabel(from: 1, to: 2), .setClass([1], nil),
            .track(.swap(TrackNode(t: 3, label: 1), TrackNode(t: 3, label: 2), scope: .past)),
            .link(TrackLabels(labels: [TrackNode(t: 2, label: 4): 5], parents: [5: 0])),
            .setName(1, "a"), .setFlags([1], .init(accepted: false)), .setStatus(.skipped),
        ]
        #expect(Set(actions.map(\.kind)) == Set(Gesture.Action.Kind.allCases))
        for action in actions {
            let gesture = Gesture(action, client: UUID(), base: 3, t: 1, z: 2)
            let data = try JSONEncoder().encode(gesture)
            #expect(try JSONDecoder().decode(Gesture.self, from: data) == gesture)
        }
        let text = """
            {"key":"\(UUID())","client":"\(UUID())","base":0,"kind":"commit",
            "mask":{"box":[1,2,3,4],"runs":[1,3]},"prompts":[{"type":"point","y":1,"x":2}]}
            """
        let gesture = try JSONDecoder().decode(Gesture.self, from: Data(text.utf8))
        guard case .commit(let read, nil, .keep) = gesture.action else {
            Issue.record("not a commit")
            return
        }
        #expect(read.mask.area == 3 && read.source == .prompt && read.prompts.count == 1)
    }

    @Test(
        "A mask whose runs do not fill its box, or that leaves the image, is refused",
        arguments: [
            #"{"box":[0,0,2,2],"runs":[1,2]}"#, #"{"box":[0,0,2,2],"runs":[5]}"#,
            #"{"box":[0,0,0,2],"runs":[]}"#, #"{"box":[-1,0,2,2],"runs":[6]}"#,
            #"{"box":[0,0,2],"runs":[4]}"#, #"{"box":[0,0,2,2],"runs":[-1,5]}"#,
            #"{"box":[0,0,2,2],"runs":[9223372036854775807,5]}"#,
        ]
    )
    func badMasks(json: String) throws {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(BoxMask.self, from: Data(json.utf8))
        }
        let test = try TestProject()
        #expect(throws: ProjectError.self) {
            try test.commit(y: 290, x: 0, height: 11, width: 1)
        }
    }
}
