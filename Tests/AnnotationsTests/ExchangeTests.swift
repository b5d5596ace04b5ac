import AnnotationSamples
import Annotations
import Files
import Foundation
import ImageFormats
import Imaging
import Prompting
import Synchronization
import Testing

@Suite("Import and export")
struct ExchangeTests {
    /// A project whose image lies beside it.
    private func annotated() throws -> TestProject {
        let test = try TestProject(ImageShape(y: 90, x: 300))
        let size = Size(width: 300, height: 90)
        let pixels = try Raster(size: size, samples: (0..<size.count).map { UInt8($0 % 251) })
        try AnyRaster.uint8(pixels).writeTIFF(to: test.folder.appending(path: "a.tif"))
        var gestures = RandomGestures(seed: 5, size: size)
        for _ in 0..<6 { try test.apply(.commit(NewObject(mask: gestures.mask(largest: 60)))) }
        return test
    }

    @Test("Every form is written, and label images and their objects come back as they were")
    func forms() throws {
        let test = try annotated()
        let stem = test.folder.path + "/out"
        let kinds = ResultKind.allCases.filter { !$0.holdsMeshes }
        let files = try test.project.export(test.image, as: kinds, to: stem)
        #expect(files.allSatisfy { FileStatus(of: $0.path) != nil } && files.count == 7)
        let labels = try test.labels()
        let objects = try test.project.objects(image: test.image)
        #expect(objects.count > 3)
        for ending in [".tif", ".ome.zarr"] {
            #expect(try LabelFile(opening: stem + ending).read() == labels)
            let entry = ImageEntry(
                name: ending,
                path: "copy" + ending,
                shape: ImageShape(y: 90, x: 300)
            )
            let copy = try #require(try test.project.addImages([entry]).first)
            let answer = try test.project.importLabels(
                .file(stem + ending),
                into: copy,
                client: test.client
            )
            #expect(answer.created == objects.map(\.label))
            #expect(answer.objects.allSatisfy { $0.source == .imported && !$0.isAccepted })
            #expect(try test.project.labelImage(image: copy) == labels)
        }
        let table = try String(contentsOfFile: stem + ".csv", encoding: .utf8)
        #expect(table.split(whereSeparator: \.isNewline).count == objects.count + 1)
        #expect(table.contains("mean_intensity_0"))
        #expect(try test.project.resultNames()[test.image] == "a")
        #expect(try test.project.check() == [])
        #expect(throws: ExchangeError.noVolume(image: "a", kind: "stl")) {
            try test.project.export(test.image, as: [.stl], to: stem)
        }
    }

    @Test("Classes and names stand in the table where there are some")
    func words() throws {
        let test = try annotated()
        let url = test.folder.appending(path: "out.csv")
        let stem = test.folder.path + "/out"
        func table() throws -> CSVTable {
            try test.project.export(test.image, as: [.table], to: stem)
            return CSVTable(text: try String(contentsOf: url, encoding: .utf8))
        }
        #expect(try !table().header.contains("class"))
        let label = try #require(try test.project.objects(image: test.image).last?.label)
        try test.apply(.setClass([label], "nucleus"))
        try test.apply(.setName(label, "one, \"two\""))
        let words = try table()
        #expect(words.header.suffix(2) == ["class", "name"])
        #expect(words.rows.last?.suffix(2) == ["nucleus", "one, \"two\""])
        #expect(words.rows.first?.suffix(2) == ["", ""])
    }

    @Test("Objects of a volume go through several planes, and come back")
    func volume() throws {
        let test = try TestProject(ImageShape(z: 3, y: 20, x: 30))
        var objects: [NewObject] = []
        for z in 0..<3 {
            var object = NewObject(mask: try box(y: 2 + z, x: 3, height: 5, width: 6), label: 7)
            object.z = z
            objects.append(object)
        }
        let answer = try test.apply(.importLabels(objects, .keep))
        #expect(answer.created == [7] && answer.objects[0].slices == 0..<3)
        #expect(answer.objects[0].area == 90 && answer.objects[0].box.height == 7)
        let stem = test.folder.path + "/out"
        try test.project.export(test.image, as: [.tiff, .omeZarr], to: stem)
        for _ in 0..<2 {
            try test.project.export(test.image, as: [.stl, .obj], to: stem)
            let mesh = try Data(contentsOf: test.folder.appending(path: "out_stl/label_7.stl"))
            #expect(mesh.count > 84 && (mesh.count - 84).isMultiple(of: 50))
            let text = try String(contentsOfFile: stem + ".obj", encoding: .utf8)
            #expect(text.contains("\no label_7\nv "))
        }
        try Data().write(to: test.folder.appending(path: "out_stl/notes"))
        #expect(throws: (any Error).self) {
            try test.project.export(test.image, as: [.stl], to: stem)
        }
        #expect(throws: ExchangeError.self) {
            try test.project.export(test.image, as: [.coco], to: stem)
        }
        try test.apply(.delete([7]))
        #expect(try test.project.tiles(image: test.image) == [])
        let again = try test.project.importLabels(
            .file(stem + ".tif"),
            into: test.image,
            client: test.client
        )
        #expect(again.created == [7] && again.objects[0].area == 90)
        #expect(try test.project.check() == [])
    }

    @Test("Label files of the frames of a movie are its planes, paired by name or by order")
    func frames() throws {
        let test = try TestProject(ImageShape(t: 3, y: 20, x: 40))
        let folder = test.folder.path + "/"
        // The square jumps, as labels do that each frame has for itself.
        let files = try (0..<3).map { t in
            var labels = LabelImage(size: Size(width: 40, height: 20))
            for y in 4..<8 { for x in 0..<5 { labels[x: 12 * t + x, y: y] = 7 } }
            let path = folder + "t\(t)_cp_masks.tif"
            try labels.writeTIFF(to: URL(filePath: path))
            return path
        }
        let images = try test.project.images()
        #expect(throws: ExchangeError.self) {
            try ImportPlan(test.project, images, Array(files.dropLast()))
        }
        let plan = try ImportPlan(test.project, images, files)
        #expect(plan.unusedFiles == [])
        let source = try #require(plan.pairs.first?.labels)
        #expect(source == .planes([0: files[0], 1: files[1], 2: files[2]]))
        let notes = Mutex<[FileNote]>([])
        let work = Work { event in
            if case .noted(let note) = event { notes.withLock { $0.append(note) } }
        }
        let one = try test.project.importObjects(
            source,
            into: test.image,
            client: test.client,
            work
        )
        #expect(one.created == [7] && one.objects[0].times == 0..<3 && one.objects[0].area == 60)
        #expect(notes.withLock { $0.count } == 1)
        try test.project.goto(0, image: test.image, client: test.client)
        let all = try test.project.importObjects(
            source,
            into: test.image,
            LabelImportOptions(separatesPlanes: true),
            client: test.client,
            work
        )
        #expect(all.created.count == 3 && notes.withLock { $0.count } == 1)
        #expect(try test.project.labelImage(image: test.image, t: 2).labels.count { $0 > 0 } == 20)

        // Where each frame has a file, names decide, and other files are left over.
        var entry = ImageEntry(name: "m", path: "m", shape: ImageShape(t: 2, y: 20, x: 40))
        entry.selection.frames = .files(["t2.tif", "t0.tif"])
        try test.project.addImages([entry])
        let movie = try test.project.images().filter { $0.entry.name == "m" }
        let named = try ImportPlan(test.project, movie, files)
        #expect(named.pairs.map(\.labels) == [.planes([0: files[2], 1: files[0]])])
        #expect(named.unusedFiles == [files[1]])
    }

    @Test("Labels of other extents, without objects, and images that changed are refused")
    func refused() throws {
        let test = try annotated()
        let other = test.folder.path + "/other.tif"
        try LabelImage(size: Size(width: 30, height: 9)).writeTIFF(to: URL(filePath: other))
        let none = test.folder.path + "/none.tif"
        try LabelImage(size: Size(width: 300, height: 90)).writeTIFF(to: URL(filePath: none))
        for file in [other, none, test.folder.path + "/missing.tif"] {
            #expect(throws: (any Error).self) {
                try test.project.importLabels(.file(file), into: test.image, client: test.client)
            }
        }
        try FileManager.default.removeItem(at: test.folder.appending(path: "a.tif"))
        try FileManager.default.moveItem(atPath: other, toPath: test.folder.path + "/a.tif")
        let stem = test.folder.path + "/out"
        #expect(throws: ExchangeError.self) {
            try test.project.export(test.image, as: [.table], to: stem)
        }
        try test.project.export(test.image, as: [.tiff], to: stem)
    }

    @Test("A replay gives the same labels; masks that are predicted otherwise are counted")
    func replayed() throws {
        let test = try TestProject()
        var gestures = RandomGestures(seed: 11, size: Size(width: 280, height: 300))
        for _ in 0..<40 {
            let objects = try test.project.objects(image: test.image)
            let request = gestures.next(objects, base: nil, client: test.client)
            // Labels that are taken are refused.
            _ = try? request.send(to: test.project, image: test.image)
        }
        let same = try test.project.replay(test.image)
        #expect(same.isEqual && same.edits > 10 && same.remade == 0)

        try test.project.goto(0, image: test.image, client: test.client)
        var object = NewObject(mask: try box(y: 10, x: 10, height: 10, width: 10))
        object.prompts = [.point(Point(x: 12, y: 12))]
        try test.apply(.commit(object))
        let size = Size(width: 280, height: 300)
        let other = try test.project.replay(test.image) { _, _, _ in
            try box(y: 10, x: 10, height: 10, width: 8).mask(in: size)
        }
        #expect(!other.isEqual && other.remade == 1 && other.lowestOverlap == 0.8)
        #expect(other.differentPixels == 20)
    }

    @Test("An image that is taken out leaves nothing behind")
    func removed() throws {
        let test = try annotated()
        try test.project.removeImages([test.image])
        #expect(throws: ProjectError.unknownImage(1)) { try test.project.image(1) }
        #expect(try test.project.check() == [])
        let entry = ImageEntry(name: "b", path: "b", shape: ImageShape(y: 9, x: 9))
        #expect(try test.project.addImages([entry]) == [2])
        try test.reopen()
        #expect(try test.project.images().map(\.id) == [2])
    }
}
