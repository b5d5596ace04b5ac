import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Testing

@Suite("Contact sheet")
struct ContactSheetTests {
    /// An image with as many square objects as asked for, its labels, and where both lie.
    private func item(_ name: String, objects: Int, side: Int = 6, in place: Workplace) throws
        -> BatchItem
    {
        let size = Size(width: 96, height: 80)
        var labels = [UInt32](repeating: 0, count: size.width * size.height)
        for object in 0..<objects {
            let (row, column) = object.quotientAndRemainder(dividingBy: 8)
            for y in 0..<side {
                for x in 0..<side {
                    labels[(row * 12 + y) * size.width + column * 12 + x] = UInt32(object + 1)
                }
            }
        }
        let image = place.path("\(name).tif")
        let output = place.path("\(name)_labels.tif")
        let pixels = labels.map { UInt8($0 > 0 ? 200 : 10) }
        try AnyRaster.uint8(Raster(size: size, channels: 1, samples: pixels))
            .writeTIFF(to: URL(filePath: image))
        try LabelImage(size: size, labels: labels).writeTIFF(to: URL(filePath: output))
        return BatchItem(input: image, output: output)
    }

    private func report(_ count: Int) -> BatchReport {
        BatchReport(
            images: count,
            model: .init(name: "<model>", architecture: "vit_t", file: "m"),
            device: "cpu",
            threads: 1,
            settings: SegmentationSettings()
        )
    }

    @Test("Images with unusual numbers of objects come first, the others in the order of the run")
    func outliers() throws {
        let place = try Workplace()
        let counts = [10, 11, 12, 11, 48, 10, 0, 12]
        let items = try counts.enumerated().map {
            try item("i\($0.offset)", objects: $0.element, in: place)
        }
        let sheet = try ContactSheet(of: items, report(items.count), plane: PlaneSelection())
        let order = sheet.entries.compactMap(\.objects)
        #expect(order == [0, 48, 10, 11, 12, 11, 10, 12])
        #expect(sheet.entries[0].remarks == ["no objects"])
        #expect(sheet.entries[1].remarks.contains("many objects"))
        #expect(sheet.entries.dropFirst(2).allSatisfy { $0.remarks.isEmpty })
        #expect(abs((sheet.entries[2].diameter ?? 0) - 6.77) < 0.01)
    }

    @Test("An image without a result, and one that has changed, say so and come first")
    func problems() throws {
        let place = try Workplace()
        let good = try item("good", objects: 3, in: place)
        let missing = BatchItem(input: place.path("x.tif"), output: place.path("none.tif"))
        let changed = try item("changed", objects: 3, in: place)
        try AnyRaster.uint8(Raster<UInt8>(repeating: 1, size: Size(width: 5, height: 4)))
            .writeTIFF(to: URL(filePath: changed.input))
        let sheet = try ContactSheet(
            of: [good, missing, changed],
            report(3),
            plane: PlaneSelection()
        )
        #expect(sheet.entries.map(\.input) == [missing, changed, good].map(\.input))
        #expect(sheet.entries[0].problem == "not segmented yet")
        #expect(sheet.entries[1].problem != nil && sheet.entries[2].problem == nil)
    }

    @Test("The page is one file with every picture in it, and names are no markup")
    func page() throws {
        let place = try Workplace()
        let items = [
            try item("a<b>", objects: 2, in: place), try item("c", objects: 1, in: place),
        ]
        let sheet = try ContactSheet(of: items, report(2), plane: PlaneSelection())
        let url = URL(filePath: place.path("report.html"))
        try sheet.write(to: url)
        let text = try String(contentsOf: url, encoding: .utf8)
        #expect(text.components(separatedBy: "data:image/png;base64,").count == 3)
        #expect(text.contains("a&lt;b&gt;.tif") && !text.contains("a<b>"))
        #expect(text.contains("&lt;model&gt;"))
        #expect(text.contains("2 objects") && text.contains("1 object,"))
        #expect(!text.contains("http"))
    }
}
