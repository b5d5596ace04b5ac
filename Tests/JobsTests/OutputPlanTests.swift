import Files
import Foundation
import JobSamples
import Jobs
import Prompting
import Testing

@Suite("Output plan")
struct OutputPlanTests {
    private func plan(_ inputs: [String], _ request: OutputPlan.Request) throws -> [BatchItem] {
        try OutputPlan(InputList(inputs), request).items
    }

    @Test("One image can go to a file, its overlay lies beside it")
    func oneFile() throws {
        let items = try plan(
            ["cells.png"],
            OutputPlan.Request(output: "out/labels.TIFF", drawsOverlay: true)
        )
        #expect(
            items == [
                BatchItem(
                    input: "cells.png",
                    output: "out/labels.TIFF",
                    overlay: "out/labels_overlay.png"
                )
            ]
        )
    }

    @Test(
        "Several images go to a folder under their own names",
        arguments: ["out", "out/", "out//"]
    )
    func folder(output: String) throws {
        let items = try plan(["x/a.png", "y/b.ome.tif"], OutputPlan.Request(output: output))
        #expect(items.map(\.output) == ["out/a.tif", "out/b.tif"])
        #expect(items.allSatisfy { $0.overlay == nil })
    }

    @Test("A folder of their own for overlays implies that they are drawn")
    func overlayFolder() throws {
        let items = try plan(
            ["a.png", "b.png"],
            OutputPlan.Request(output: "out", overlayFolder: "pictures/")
        )
        #expect(items.map(\.overlay) == ["pictures/a_overlay.png", "pictures/b_overlay.png"])
    }

    @Test("Meshes are for volumes, and replace nothing but meshes")
    func meshes() throws {
        let place = try Workplace()
        var request = OutputPlan.Request(output: place.path("l.tif"), formats: [.tiff, .stl, .obj])
        let error = #expect(throws: OutputPlanError.noVolume(.stl)) { try plan(["a.tif"], request) }
        #expect(error?.isMisuse == true)
        request.isVolume = true
        let results = try plan(["a.tif"], request)[0].results
        #expect(results.map(\.path) == ["l.tif", "l_stl", "l.obj"].map(place.path))
        let mesh = OutputPlan.Request(output: "m.OBJ")
        #expect(throws: OutputPlanError.noVolume(.obj)) { try plan(["a.tif"], mesh) }
        #expect(throws: OutputPlanError.noLabelFormat(output: "m.stl")) {
            try plan(["a.tif"], OutputPlan.Request(output: "m.stl"))
        }
        try place.write(to: "l_stl/label_7.stl")
        #expect(try plan(["a.tif"], request).count == 1)
        try place.write(to: "l_stl/notes.txt")
        let other = OutputPlanError.replacedContainer(result: place.path("l_stl"))
        #expect(throws: other) { try plan(["a.tif"], request) }
    }

    @Test("Two images of the same stem are refused, and both are named")
    func equalStems() throws {
        let error = #expect(throws: OutputPlanError.self) {
            try plan(["x/cell.tif", "y/cell.png"], OutputPlan.Request(output: "out"))
        }
        let message = try #require(error?.description)
        #expect(message.contains("'x/cell.tif'") && message.contains("'y/cell.png'"))
    }

    @Test("Several images cannot go to one file, and labels are no PNG")
    func misuse() throws {
        #expect(throws: OutputPlanError.self) {
            try plan(["a.png", "b.png"], OutputPlan.Request(output: "out.tif"))
        }
        #expect(throws: OutputPlanError.self) {
            try plan(["a.png"], OutputPlan.Request(output: "labels.png"))
        }
        #expect(throws: OutputPlanError.self) {
            try plan(["a.png"], OutputPlan.Request(output: ""))
        }
    }

    @Test("An image is never replaced by a result, however the path is written")
    func replacedInput() throws {
        let place = try Workplace()
        let image = try place.writeImage("in/cell.tif")
        for output in [image, place.path("in"), place.path("in/../in/")] {
            #expect(throws: OutputPlanError.self) {
                try plan([image], OutputPlan.Request(output: output))
            }
        }
        // A picture with contours is no image, unless it is named alone.
        let picture = try place.writeImage("in/cell_overlay.png")
        let request = OutputPlan.Request(
            output: place.path("out"),
            overlayFolder: place.path("in")
        )
        #expect(try plan([image, picture], request).map(\.input) == [image])
        let link = place.path("cell.png")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: picture)
        #expect(throws: OutputPlanError.self) { try plan([link], request) }
    }

    @Test("A file where a folder is needed is noticed before any work")
    func blockedFolder() throws {
        let place = try Workplace()
        try place.write(to: "taken")
        let plan = try OutputPlan(
            InputList(["a.png"]),
            OutputPlan.Request(output: place.path("taken/deep/labels.tif"))
        )
        #expect(throws: OutputPlanError.self) { try plan.checkFolders() }
        try OutputPlan(
            InputList(["a.png"]),
            OutputPlan.Request(output: place.path("new/deep/labels.tif"))
        )
        .checkFolders()
        #expect(try place.files() == ["taken"])
    }
}
