import Annotations
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import Testing

@Suite("usam project replay --predict", .serialized)
struct ReplayTests {
    /// A project whose image has the objects that automatic segmentation finds, under a name of the model.
    private func project(
        _ place: Workplace,
        model: String,
        hash: String? = nil,
        _ settings: AutomaticSettings
    ) throws {
        try place.writeImage("a.tif", width: 600, height: 500)
        let end = try Program.run(
            ["segment", "a.tif", "-o", "labels.tif", "--mode", "ais", "--min-size", "5"],
            in: place.folder,
            with: .brightness
        )
        #expect(end.status == 0, "\(end.error)")
        let labels = try LabelFile(opening: place.path("labels.tif")).read()
        let objects = NewObject.all(in: labels, source: .automatic).map { object in
            var object = object
            (object.model, object.modelHash) = (model, hash)
            return object
        }
        #expect(!objects.isEmpty)
        let project = try Project.create(at: URL(filePath: place.path("cells.usam")))
        let shape = ImageShape(y: labels.size.height, x: labels.size.width)
        let entry = ImageEntry(name: "a.tif", path: "a.tif", shape: shape)
        let image = try #require(try project.addImages([entry]).first)
        _ = try project.apply(Gesture(.accept(objects, .keep, settings), client: UUID()), to: image)
        try project.close()
    }

    private func replay(_ place: Workplace) throws -> Program.Ending {
        try Program.run(["project", "replay", "cells.usam", "--predict"], in: place.folder)
    }

    @Test("Accepted objects are segmented again as they were")
    func accepted() throws {
        let place = try Workplace()
        let settings = AutomaticSettings(mode: .instanceDecoder, parameters: ["min_size": 5])
        try project(place, model: try QuickModel.brightness.path, settings)
        let end = try replay(place)
        #expect(end.status == 0, "\(end)")
        #expect(end.output.contains("1.0000 on average, 1.0000 at least"), "\(end.output)")
    }

    @Test("What is segmented otherwise is counted")
    func others() throws {
        let place = try Workplace()
        let settings = AutomaticSettings(mode: .instanceDecoder, parameters: ["min_size": 1e6])
        try project(place, model: try QuickModel.brightness.path, settings)
        let end = try replay(place)
        #expect(end.output.contains("0.0000 on average, 0.0000 at least"), "\(end)")
    }

    @Test("A model that was trained on the project is found, and said if it is another now")
    func trained() throws {
        let place = try Workplace()
        let settings = AutomaticSettings(mode: .instanceDecoder, parameters: ["min_size": 5])
        try project(place, model: "trained-1", hash: "xxh128:0", settings)
        let missing = try replay(place)
        #expect(missing.status != 0 && missing.error.contains("trained-1"), "\(missing)")
        let file = try place.write(to: "cells-models/trained-1/best.safetensors")
        try FileManager.default.removeItem(atPath: file)
        try FileManager.default.copyItem(at: try QuickModel.brightness.url, to: URL(filePath: file))
        let end = try replay(place)
        #expect(end.status == 0 && end.output.contains("1.0000 at least"), "\(end)")
        #expect(end.error.contains("the weights of trained-1 have changed since then"))
    }
}
