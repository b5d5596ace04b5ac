import Foundation
import ImageFormats
import Imaging
import JobSamples
import Testing

@Suite("Help that fits the image", .serialized)
struct HintTests {
    private func run(
        _ line: String,
        _ place: Workplace,
        with model: QuickModel? = nil
    ) throws -> Program.Ending {
        try Program.run(
            line.split(separator: " ").map(String.init),
            in: place.folder,
            with: model
        )
    }

    private func write(
        _ place: Workplace,
        _ name: String,
        width: Int = 80,
        _ value: (Int, Int) -> UInt8
    ) throws {
        var image = Raster<UInt8>(repeating: 0, size: Size(width: width, height: 64))
        for y in 0..<64 {
            for x in 0..<width { image[x: x, y: y] = value(x, y) }
        }
        try AnyRaster.uint8(image).writeTIFF(to: URL(filePath: place.path(name)))
    }

    @Test("An image unlike all that the model knows gets a hint", arguments: [1, 2])
    func unfamiliar(seed: UInt64) throws {
        let place = try Workplace()
        // Single bright pixels, which are no objects.
        var state = seed
        try write(place, "specks.tif") { _, _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33 % 128 == 0 ? 220 : 10
        }
        let end = try run("segment specks.tif -o l.tif --tile-shape none", place)
        #expect(end.status == 0 && end.output.contains("specks.tif: "), "\(end.output)")
        #expect(end.error.contains("; the image may be unlike those that the model was trained on"))
        #expect(end.error.contains("'usam train' trains one"), "\(end.error)")
        // What it knows gets none; that is the same image each time.
        guard seed == 1 else { return }
        try write(place, "discs.tif", width: 200) { x, y in
            let (dx, dy) = (x % 40 - 20, y % 32 - 16)
            return dx * dx + dy * dy < 64 ? 200 : 10
        }
        let known = try run("segment discs.tif -o m.tif --tile-shape none", place)
        #expect(known.status == 0 && !known.error.contains("unlike"), "\(known.error)")
    }

    @Test("A plane of a stack that is empty is no finding about the stack")
    func emptyPlane() throws {
        let place = try Workplace()
        try place.write(to: "stack.tif")
        let size = Size(width: 200, height: 64)
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("stack.tif")),
            axes: ImageAxes(z: 3, y: size.height, x: size.width),
            sampleType: .uint8
        )
        var state: UInt64 = 1
        for plane in 0..<3 {
            var image = Raster<UInt8>(repeating: 10, size: size)
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let (dx, dy) = (x % 40 - 20, y % 32 - 16)
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    let isSpeck = plane == 1 && state >> 33 % 128 == 0
                    let isDisc = plane != 1 && dx * dx + dy * dy < 64
                    if isSpeck || isDisc { image[x: x, y: y] = 200 }
                }
            }
            try writer.append(.uint8(image))
        }
        try writer.finish()
        let end = try run("segment stack.tif -o l.tif --each-plane --tile-shape none", place)
        #expect(end.status == 0 && end.output.contains(" in 3 planes -> l.tif"), "\(end.error)")
        #expect(end.error.contains("stack.tif: in 1 of 3 planes, "), "\(end.error)")
        #expect(!end.error.contains("stack.tif: no objects"), "\(end.error)")
    }

    // MARK: - Masks

    private func mask(_ place: Workplace, _ name: String) throws -> LabelImage {
        try ImageSource(opening: URL(filePath: place.path(name))).readLabels()
    }

    /// Connected parts of a mask.
    private func parts(_ mask: LabelImage) -> Int {
        mask.splitIntoComponents(connectivity: .edgesAndCorners).objectLabels().count
    }

    /// Parts of the background that the mask surrounds.
    private func holes(_ mask: LabelImage) -> Int {
        var background = mask
        for pixel in mask.labels.indices {
            background.labels[pixel] = mask.labels[pixel] == 0 ? 1 : 0
        }
        let parts = background.splitIntoComponents(connectivity: .edges)
        let (width, height) = (mask.size.width, mask.size.height)
        var open: Set<UInt32> = [0]
        for pixel in parts.labels.indices {
            let (y, x) = pixel.quotientAndRemainder(dividingBy: width)
            if x == 0 || y == 0 || x == width - 1 || y == height - 1 {
                open.insert(parts.labels[pixel])
            }
        }
        return Set(parts.labels).subtracting(open).count
    }

    @Test(
        "--keep-part and --fill-holes clean a mask",
        arguments: ["--box 6,14,58,66", "--point 32,24 --point 32,56"]
    )
    func cleaning(prompts: String) throws {
        let place = try Workplace()
        // A ring, of which the model is unsure: its masks have many parts, and holes.
        try write(place, "ring.tif") { x, y in
            let distance = (x - 40) * (x - 40) + (y - 32) * (y - 32)
            return distance > 100 && distance < 576 ? 200 : 10
        }
        let line = "prompt ring.tif \(prompts) --tile-shape none"
        #expect(try run("\(line) -o plain.tif", place).status == 0)
        #expect(try run("\(line) --keep-part -o part.tif", place).status == 0)
        #expect(try run("\(line) --fill-holes -o filled.tif", place).status == 0)
        let (plain, part) = (try mask(place, "plain.tif"), try mask(place, "part.tif"))
        let filled = try mask(place, "filled.tif")
        #expect(parts(plain) > 2 && (holes(plain) > 0 || prompts.hasPrefix("--point")))
        #expect(holes(filled) == 0)
        // One part for each point, and one for a box.
        #expect((1...(prompts.hasPrefix("--box") ? 1 : 2)).contains(parts(part)))
        let pairs = zip(plain.labels, zip(part.labels, filled.labels))
        #expect(pairs.allSatisfy { plain, others in others.0 <= plain && plain <= others.1 })
    }

    // MARK: - Pages and tables

    @Test("--report shows all images of a run, and replaces none of them")
    func report() throws {
        let place = try Workplace()
        for name in ["a", "b"] { try place.writeImage("in/\(name).png") }
        let end = try run("segment in -o out --report sheet.html", place, with: .brightness)
        #expect(end.status == 0, "\(end.error)")
        let page = try String(contentsOfFile: place.path("sheet.html"), encoding: .utf8)
        let model = try QuickModel.brightness.name
        #expect(page.contains("a.png") && page.contains("b.png") && page.contains(model))
        let before = try Data(contentsOf: URL(filePath: place.path("in/a.png")))
        for report in ["in/a.png", "new/../in/a.png"] {
            let refused = try run("segment in -o other --report \(report)", place)
            #expect(refused.status == 1 && refused.error.contains("would replace the input"))
            #expect(try Data(contentsOf: URL(filePath: place.path("in/a.png"))) == before)
        }
        let tables = try run("segment in -o third --format csv --report third.html", place)
        #expect(tables.status == 64 && tables.error.contains("--report needs label images"))
    }

    @Test("What interactive scores count is explained", arguments: ["--start", "--fixed"])
    func interactive(option: String) throws {
        let place = try Workplace()
        try place.writePair("b")
        let prompts = option == "--start" ? "--start box --iterations 1" : "--fixed box/p0-n0"
        let line = "evaluate interactive i/b.tif --labels l/b.tif \(prompts) --tile-shape none"
        let end = try run(line, place)
        #expect(end.status == 0 && end.output.contains("mean IoU"), "\(end.error)")
        #expect(end.error.contains("count every connected part of a mask as an object"))
        #expect(end.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
        let help = try run("evaluate interactive --help", place)
        #expect(help.output.contains("connected part of a mask"))
    }
}
