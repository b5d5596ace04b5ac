import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Prompts and labels as people have them")
struct PromptCaseTests {
    private func prompts(_ name: String, on image: String, _ selection: PlaneSelection = .init())
        throws -> PlacedPrompts?
    {
        guard let folder = SharedCases.folder else { return nil }
        let source = try ImageSource(opening: folder.appending(path: image))
        return try PlacedPrompts(
            PromptFile(reading: folder.appending(path: name).path).document,
            file: name,
            on: selection,
            of: source.description
        )
    }

    @Test("Tables of napari in two and three dimensions give the same points")
    func napari() throws {
        let image = "prompt_tables/image.tif"
        guard let flat = try prompts("prompt_tables/napari_points2d.csv", on: image),
            let deep = try prompts("prompt_tables/napari_points3d.csv", on: image)
        else { return }
        let points = [(207.0, 44.0), (129, 85), (176, 73), (61, 84), (214, 97)]
        let expected = points.map { [Prompt.point(Point(x: $0.0, y: $0.1))] }
        #expect(flat.document.objects.map(\.prompts) == expected)
        #expect(deep.document.objects.map(\.prompts) == expected)
    }

    @Test("GeoJSON of QuPath gives boxes around the same objects")
    func quPath() throws {
        let image = "prompt_tables/image.tif"
        guard let boxes = try prompts("prompt_tables/qupath.geojson", on: image),
            let points = try prompts("prompt_tables/napari_points2d.csv", on: image)
        else { return }
        #expect(!boxes.document.objects.isEmpty)
        for (object, other) in zip(boxes.document.objects, points.document.objects) {
            guard case .box(let box, _) = object.prompts[0],
                case .point(let point, _) = other.prompts[0]
            else {
                Issue.record("\(object.prompts) \(other.prompts)")
                continue
            }
            #expect(abs(box.center.x - point.x) <= 1 && abs(box.center.y - point.y) <= 1)
        }
    }

    @Test("Of regions on a stack those of the slice are taken")
    func slices() throws {
        guard
            let first = try prompts(
                "roi_slices/slice.zip",
                on: "roi_slices/stack.tif",
                PlaneSelection(z: 1)
            )
        else { return }
        #expect(first.document.objects.count == 2)
        #expect(first.document.objects.allSatisfy { $0.place.z == 1 })
        #expect(throws: PromptPlaceError.self) {
            try prompts("roi_slices/slice.zip", on: "roi_slices/stack.tif")
        }
    }

    @Test("Far regions, and archives of macOS")
    func regions() throws {
        guard let folder = SharedCases.folder else { return }
        func read(_ name: String) throws -> RegionFile {
            try RegionFile(opening: folder.appending(path: "rois/" + name).path)
        }
        let far = try read("far.roi").objects
        guard case .rectangle(let box) = far[0].shape else {
            Issue.record("\(far)")
            return
        }
        #expect(box.minX == 40000)
        #expect(try read("macos.zip").objects == read("plain.zip").objects)
    }

    @Test("The outlines of the texture are valid and have the areas of its labels")
    func outlines() throws {
        guard let folder = SharedCases.folder else { return }
        let file = folder.appending(path: "outlines/texture.tif")
        let raster = try ImageSource(opening: file).read().floats()
        let labels = try LabelImage(
            size: raster.size,
            labels: (0..<raster.size.count).map {
                raster.samples[$0 * raster.channels] > 100 ? 1 : 2
            }
        )
        for polygon in labels.polygons() {
            for ring in [polygon.outline] + polygon.holes { #expect(Set(ring).count == ring.count) }
        }
        let place = try TemporaryFolder()
        try labels.writeGeoJSON(to: place.file("a.geojson"))
        let axes = ImageAxes(y: labels.size.height, x: labels.size.width)
        #expect(try LabelFile(opening: place.file("a.geojson").path, for: axes).read() == labels)
    }

    @Test("One hot pixel is noticed; values around 1e-12 are seen; -1 as background gets advice")
    func values() throws {
        guard let folder = SharedCases.folder else { return }
        let hot = try ImageSource(opening: folder.appending(path: "values/hot_pixel.tif")).read()
        let note = try #require(try hot.outlierNote("hot_pixel.tif"))
        #expect(note.description.contains("65535"))
        let tiny = try ImageSource(opening: folder.appending(path: "values/float_tiny.tif")).read()
        #expect(try !tiny.intensityRanges().isBlank)
        #expect(try tiny.normalizedIntensities().samples.max() == 255)
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.appending(path: "labels/background_minus1.tif"))
                .readLabels()
        }
        #expect(error?.advice.contains("add 1") == true)
    }
}
