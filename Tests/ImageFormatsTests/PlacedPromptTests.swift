import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Prompts on stacks")
struct PlacedPromptTests {
    private func image(_ axes: ImageAxes) throws -> ImageDescription {
        let folder = try TemporaryFolder()
        var writer = try TIFFWriter(
            creating: folder.file("a.tif"),
            axes: axes,
            sampleType: .uint8,
            options: .init()
        )
        let plane = Raster<UInt8>(repeating: 0, size: Size(width: axes.x, height: axes.y))
        for _ in 0..<axes.t * axes.c * axes.z { try writer.append(.uint8(plane)) }
        try writer.finish()
        return try ImageSource(opening: folder.file("a.tif")).description
    }

    private func document(_ places: [ObjectPlace]) -> PromptDocument {
        PromptDocument(
            objects: places.enumerated().map {
                PromptedObject(id: UInt32($0 + 1), place: $1, prompts: [.point(Point(x: 1, y: 1))])
            }
        )
    }

    private func placed(
        _ places: [ObjectPlace],
        _ axes: ImageAxes,
        _ selection: PlaneSelection = PlaneSelection(),
        all: Bool = false
    ) throws -> PlacedPrompts {
        try PlacedPrompts(
            document(places),
            file: "p.csv",
            on: selection,
            of: image(axes),
            takesAll: all
        )
    }

    @Test("Of prompts on several slices those of the chosen one are taken, however they say it")
    func chosen() throws {
        let stack = ImageAxes(z: 4, y: 3, x: 5)
        for make in [
            { ObjectPlace(z: $0) }, { ObjectPlace(axes: [$0]) }, { ObjectPlace(stack: $0) },
            { ObjectPlace(axes: [0, $0]) },
        ] as [(Int) -> ObjectPlace] {
            let places = [0, 1, 1, 3].map(make)
            let found = try placed(places, stack, PlaneSelection(z: 1))
            #expect(found.document.objects.map(\.id) == [2, 3])
            #expect(found.document.objects.allSatisfy { $0.place.z == 1 })
            #expect(found.notes.map(\.note) == [.note("2 objects on other planes not used")])
        }
    }

    @Test("A plane that all prompts are of is taken, several are asked about")
    func undecided() throws {
        let stack = ImageAxes(t: 3, c: 2, z: 4, y: 3, x: 5)
        let one = try placed(
            [ObjectPlace(z: 2, t: 1), ObjectPlace(z: 2), ObjectPlace(channel: 1)],
            stack
        )
        #expect(one.selection.z == 2 && one.selection.t == 1 && one.selection.channels == [1])
        #expect(one.document.objects.count == 3 && one.notes.count == 3)
        #expect(one.document.objects[1].place == ObjectPlace(z: 2, t: 1))
        #expect(
            throws: PromptPlaceError.severalPlanes(file: "p.csv", .slice, places: [0, 2])
        ) { try placed([ObjectPlace(z: 2), ObjectPlace(z: 0)], stack) }
        #expect(
            throws: PromptPlaceError.noneOnPlane(file: "p.csv", .slice, chosen: [3], places: [2])
        ) { try placed([ObjectPlace(z: 2)], stack, PlaneSelection(z: 3)) }
        #expect(throws: PromptPlaceError.self) { try placed([ObjectPlace(z: 4)], stack) }
        #expect(throws: PromptPlaceError.self) { try placed([ObjectPlace(stack: 24)], stack) }
        // Which of three axes two numbers mean cannot be known.
        #expect(throws: PromptPlaceError.self) {
            try placed([ObjectPlace(axes: [1, 1, 1])], stack)
        }
    }

    @Test("A hyperstack counts channels first, then slices, then time points")
    func hyperstack() throws {
        let stack = ImageAxes(t: 3, c: 2, z: 4, y: 3, x: 5)
        let found = try placed([ObjectPlace(stack: 1 + 2 * 3 + 8 * 2)], stack)
        #expect(found.selection.z == 3 && found.selection.t == 2)
        #expect(found.selection.channels == [1])
    }

    @Test("On an image of one plane, prompts of one plane are taken, of several refused")
    func flatImage() throws {
        let flat = ImageAxes(y: 3, x: 5)
        let found = try placed([ObjectPlace(axes: [7]), ObjectPlace(axes: [7])], flat)
        #expect(found.document.objects.count == 2 && found.notes.isEmpty)
        #expect(try placed([ObjectPlace(z: 3)], flat).document.objects[0].place.z == 3)
        #expect(throws: PromptPlaceError.imageIsNoStack(file: "p.csv")) {
            try placed([ObjectPlace(axes: [7]), ObjectPlace(axes: [8])], flat)
        }
        let all = try placed([ObjectPlace(z: 7), ObjectPlace(z: 8)], flat, all: true)
        #expect(all.document.objects.count == 2)
    }
}
