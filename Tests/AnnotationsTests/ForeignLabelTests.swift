import Annotations
import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

/// Labels as other programs write them, brought into a project.
@Suite("Labels of other programs become objects")
struct ForeignLabelTests {
    private static let size = Size(width: 40, height: 30)

    /// Three objects with gaps in their numbers.
    private static func labels() -> LabelImage {
        var labels = LabelImage(size: size)
        for (label, box) in [
            (2, Region(x: 1, y: 2, width: 8, height: 6)),
            (5, Region(x: 12, y: 4, width: 5, height: 9)),
            (300, Region(x: 20, y: 10, width: 10, height: 10)),
        ] as [(UInt32, Region)] {
            for y in box.y..<box.endY {
                for x in box.x..<box.endX { labels[x: x, y: y] = label }
            }
        }
        return labels
    }

    /// Who writes, and the name of the file.
    enum Form: String, CaseIterable {
        case cellpose = "a_cp_masks.tif"
        case cellposePicture = "a_cp_masks.png"
        case stardist = "a.label.tif"
        case imageJ = "RoiSet.zip"
        case coco = "a.json"
        case geoJSON = "a.geojson"

        func write(_ labels: LabelImage, to url: URL) throws {
            switch self {
            case .cellpose: try labels.writeTIFF(to: url)
            case .cellposePicture:
                let samples = labels.labels.map { UInt16($0) }
                let raster = try Raster(size: labels.size, samples: samples)
                try AnyRaster.uint16(raster).writePNG(to: url)
            case .stardist:
                // With a sign, as numpy's integers have.
                let samples = labels.labels.map { Int32($0) }
                let raster = try Raster(size: labels.size, samples: samples)
                try AnyRaster.int32(raster).writeTIFF(to: url)
            case .imageJ: try labels.writeImageJROIs(to: url)
            case .coco:
                try labels.writeCOCO(
                    to: url,
                    imageName: "a.tif",
                    words: [5: ObjectWords(category: "nucleus")]
                )
            case .geoJSON:
                try labels.writeGeoJSON(
                    to: url,
                    words: [5: ObjectWords(category: "nucleus", name: "the second")]
                )
            }
        }

        /// Whether outlines carry classes.
        var hasClasses: Bool { self == .coco || self == .geoJSON }
    }

    @Test("Each comes with its pixels, its labels and its classes", arguments: Form.allCases)
    func form(form: Form) throws {
        let test = try TestProject(
            ImageShape(y: Self.size.height, x: Self.size.width)
        )
        let url = test.folder.appending(path: form.rawValue)
        try form.write(Self.labels(), to: url)
        let answer = try test.project.importLabels(
            .file(url.path),
            into: test.image,
            client: test.client
        )
        #expect(answer.objects.allSatisfy { $0.source == .imported && !$0.isAccepted })
        let now = try test.labels()
        // Regions of ImageJ carry their labels as names, in their order.
        #expect(Self.areas(now) == Self.areas(Self.labels()))
        #expect(zip(now.labels, Self.labels().labels).allSatisfy { ($0 == 0) == ($1 == 0) })
        if form != .imageJ { #expect(now == Self.labels()) }
        let classes = answer.objects.compactMap(\.category)
        #expect(classes == (form.hasClasses ? ["nucleus"] : []))
        #expect(answer.objects.compactMap(\.name) == (form == .geoJSON ? ["the second"] : []))
        #expect(answer.objects.first { $0.category != nil }?.label == (form.hasClasses ? 5 : nil))
        _ = try test.project.undo(image: test.image, client: test.client)
        #expect(try test.project.tiles(image: test.image) == [])
    }

    private static func areas(_ labels: LabelImage) -> [Int] {
        Dictionary(grouping: labels.labels.filter { $0 != 0 }, by: \.self).values
            .map(\.count).sorted()
    }

    @Test("The export of ilastik, an array with tagged axes")
    func ilastik() throws {
        let test = try TestProject(
            ImageShape(y: Self.size.height, x: Self.size.width)
        )
        let url = test.folder.appending(path: "a_Object Predictions.h5")
        let axes = "yxc".map { #"{"key": "\#($0)", "typeFlags": 2, "resolution": 0}"# }
        try HDF5Builder.write(
            "data exported_data u4 30x40x1\ntext exported_data axistags variable "
                + #"{"axes": [\#(axes.joined(separator: ", "))]}"#,
            to: url
        )
        _ = try test.project.importLabels(.file(url.path), into: test.image, client: test.client)
        let labels = try test.labels()
        #expect(
            labels.labels.enumerated().allSatisfy { $1 == UInt32(HDF5Builder.value($0)) }
        )
    }

    @Test("Classes and names go out and come in again", arguments: ["json", "geojson"])
    func words(ending: String) throws {
        let test = try TestProject(ImageShape(y: Self.size.height, x: Self.size.width))
        try test.commit(y: 1, x: 2, height: 5, width: 6)
        try test.commit(y: 10, x: 12, height: 5, width: 6)
        try test.apply(.setClass([2], "mitosis"))
        try test.apply(.setName(1, "no number"))
        let stem = test.folder.path + "/out"
        let files = try test.project.export(test.image, as: [.coco, .geoJSON], to: stem)
        let file = try #require(files.first { $0.pathExtension == ending })
        let entry = ImageEntry(
            name: "b",
            path: "b.tif",
            shape: ImageShape(y: Self.size.height, x: Self.size.width)
        )
        let copy = try #require(try test.project.addImages([entry]).first)
        let answer = try test.project.importLabels(
            .file(file.path),
            into: copy,
            client: test.client
        )
        #expect(answer.objects.map(\.category) == [nil, "mitosis"])
        #expect(answer.objects.map(\.name) == [ending == "json" ? nil : "no number", nil])
    }
}
