import AnnotationSamples
import Annotations
import Foundation
import Imaging
import Testing

@Suite("Random gestures")
struct RandomTests {
    /// Four by default; more with the slow tests.
    static let seeds: ClosedRange<UInt64> =
        1...(ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] == nil ? 4 : 60)

    @Test(
        "Gestures, undo, redo and reopening from two clients give what a model in memory has",
        arguments: seeds
    )
    func model(seed: UInt64) throws {
        let size = [
            Size(width: 270, height: 300), Size(width: 600, height: 40),
            Size(width: 256, height: 256), Size(width: 33, height: 515),
        ][Int((seed - 1) % 4)]
        let test = try TestProject(ImageShape(y: size.height, x: size.width))
        var model = ModelProject(size: size)
        var gestures = RandomGestures(seed: seed, size: size)
        let clients = [gestures.uuid(), gestures.uuid()]
        var known: [Int64] = [0, 0]
        for step in 0..<120 {
            let who = step % 5 < 3 ? 0 : 1
            let objects = try test.project.objects(image: test.image)
            let request = gestures.next(objects, base: known[who], client: clients[who])
            do {
                let answer = try request.send(to: test.project, image: test.image)
                known[who] = answer.edit
                try follow(request, answer, &model, test)
            } catch ProjectError.conflict(let conflict) {
                #expect(known[who] != model.current && conflict.current == model.current)
                known[who] = conflict.current
            } catch ProjectError.labelTaken(let label) {
                #expect(objects.map(\.label).contains(label))
            }
            if step % 40 == 17 { try test.reopen() }
            if step % 8 == 0 || step > 110 { try compare(test, model) }
        }
        #expect(try test.project.check() == [])
        try goThrough(test, model)
    }

    private func follow(
        _ request: RandomGestures.Request,
        _ answer: EditAnswer,
        _ model: inout ModelProject,
        _ test: TestProject
    ) throws {
        switch request {
        case .undo: model.undo()
        case .redo: model.redo()
        case .gesture(let gesture):
            if case .split(let label, _, let width) = gesture.action {
                let now = try test.labels()
                let mask = model.state.labels.labels
                for (before, after) in zip(mask, now.labels) where before != after {
                    let isGap = after == 0 && width > 0
                    #expect(before == label && (isGap || answer.created.contains(after)))
                }
                model.state.labels = now
                if answer.created.isEmpty { #expect(mask == now.labels) }
            }
            let problems = model.apply(gesture.action, answer)
            #expect(problems == [], "\(gesture.action.kind)")
        }
        #expect(answer.edit == model.current, "\(request)")
    }

    private func compare(_ test: TestProject, _ model: ModelProject) throws {
        #expect(try test.labels() == model.state.labels)
        let areas = model.state.areas
        let objects = try test.project.objects(image: test.image)
        #expect(objects.map(\.label) == model.state.objects.keys.sorted())
        for object in objects {
            let expected = ModelProject.Object(
                category: object.category,
                name: object.name,
                source: object.source,
                isLocked: object.isLocked,
                isAccepted: object.isAccepted,
                isDoubtful: object.isDoubtful,
                promptCount: try test.project.object(image: test.image, label: object.label)
                    .prompts.count
            )
            #expect(model.state.objects[object.label] == expected)
            #expect(areas[object.label] == object.area)
            let mask = RunLengthMask(object.label, of: model.state.labels)
            #expect(mask.boundingBox == object.box)
        }
        #expect(try test.project.image(test.image).status == model.state.status)
    }

    /// Looks at all states of the history, then undoes and redoes everything.
    private func goThrough(_ test: TestProject, _ model: ModelProject) throws {
        for (edit, state) in model.states where edit % 5 == 0 {
            #expect(try test.labels(at: edit) == state.labels)
        }
        let before = try test.project.tiles(image: test.image)
        var count = 0
        while try test.project.undo(image: test.image, client: test.client).canUndo { count += 1 }
        #expect(try test.project.tiles(image: test.image) == [])
        for _ in 0...count { try test.project.redo(image: test.image, client: test.client) }
        #expect(try test.project.tiles(image: test.image) == before)
        #expect(try test.project.check() == [])
    }
}
