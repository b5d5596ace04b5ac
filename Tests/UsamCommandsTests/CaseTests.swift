import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import TestFixtures
import Testing

/// Every row of `../shared/cases/README.md` through the program, wherever it applies.
///
/// The planes of the cases show different numbers of discs, so that the number of objects tells
/// which plane was taken. What no plane, size or prompt decides is in the tests of the library.
@Suite("Cases of users, through the program", .serialized)
struct CaseTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(_ arguments: [String]) throws -> Program.Ending {
        try Program.run(arguments, in: place.folder)
    }

    /// A path below the folder of the cases, or nothing where these are missing.
    private func path(_ name: String) -> String? { Fixtures.cases?.appending(path: name).path }

    private func objects(_ result: String) throws -> Int {
        try ImageSource(opening: URL(filePath: place.path(result))).readLabels()
            .objectLabels().count
    }

    // MARK: - info

    /// What `usam info` says of a case: lines that are there, and some that are not.
    private struct Row {
        let path: String
        var says: [String] = []
        var lacks: [String] = []
    }

    private static let rows = [
        Row(
            path: "ome_multifile/scan_ch0.ome.tif",
            says: ["channels DAPI, GFP, RFP", "scan_ch2.ome.tif is not beside"]
        ),
        Row(
            path: "ome_multifile/scan_ch1.ome.tif",
            says: ["axes 3 channels", "channels DAPI, GFP"]
        ),
        Row(
            path: "lsm/stack.lsm",
            says: ["axes 2 channels, 4 slices"],
            lacks: ["series", "levels"]
        ),
        Row(path: "stk/timelapse.stk", says: ["format MetaMorph STK", "axes 4 slices"]),
        Row(path: "shaped/cyx.tif", says: ["axes 2 channels"]),
        Row(path: "dpi/screen72.png", lacks: ["pixel size"]),
        Row(
            path: "imagej_onepage/hyperstack_t4.tif",
            says: ["axes 4 time points"],
            lacks: ["note"]
        ),
        Row(
            path: "ome_xml/entity.ome.tif",
            says: [
                "axes 2 channels", "channels DAPI, GFP", "note the OME-XML description is damaged",
            ]
        ),
        Row(
            path: "zarr_missing_level/missing.ome.zarr",
            says: ["pixel size x 0.5, y 0.5 \u{B5}m", "resolution levels are missing"],
            lacks: ["0 bytes"]
        ),
        Row(
            path: "plate/single.zarr",
            says: ["channels DAPI, GFP", "pixel size x 0.5, y 0.5 \u{B5}m"]
        ),
        Row(path: "hdf5/ilastik_yxc1.h5", says: ["size 240 x 200"], lacks: ["axes"]),
        Row(path: "hdf5/ilastik_labels_yxc1.h5", says: ["size 240 x 200"], lacks: ["axes"]),
        Row(path: "roi_slices/stack.tif", says: ["axes 3 slices"]),
        Row(path: "n5/raw2d.n5", says: ["format N5", "size 240 x 200"], lacks: ["axes"]),
        Row(path: "units/unit_latin1.tif", says: ["pixel size x 0.25, y 0.25, z 1 \u{B5}m"]),
        Row(path: "sloppy_tiff/interrupted.tif", says: ["axes 3 slices", "note 3 pages are read"]),
        Row(path: "outlines/texture.tif", lacks: ["note"]),
        Row(path: "sparse/sparse4096.tif", says: ["size 4096 x 4096"], lacks: ["note"]),
        Row(path: "values/hot_pixel.tif", says: ["size 240 x 200"]),
        Row(path: "values/float_tiny.tif", says: ["samples float32, grey"]),
        Row(path: "labels/background_minus1.tif", says: ["samples int32, grey"]),
    ]

    @Test("usam info tells axes, channels and sizes of all of them")
    func info() throws {
        let paths = Self.rows.compactMap { path($0.path) }
        guard !paths.isEmpty else { return }
        let end = try run(["info"] + paths)
        #expect(end.status == 0 && end.error.isEmpty, "\(end.error)")
        let blocks = end.output.split(separator: "\n\n")
        try #require(blocks.count == Self.rows.count)
        for (row, block) in zip(Self.rows, blocks) {
            let words = block.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
            for text in row.says { #expect(words.contains(text), "\(row.path): \(text)\n\(block)") }
            let names = block.split(separator: "\n").map { "\($0) " }
            for text in row.lacks {
                let isThere =
                    names.contains { $0.hasPrefix(text + " ") } || block.contains(", \(text)")
                #expect(!isThere, "\(row.path): \(text)\n\(block)")
            }
        }
        let prompts = try run(
            ["info"] + ["rois/far.roi", "prompt_tables/qupath.geojson"].compactMap { path($0) }
        )
        #expect(prompts.status == 1 && prompts.error.split(separator: "\n").count == 2)
    }

    // MARK: - segment

    @Test("usam segment finds the discs of images with one plane")
    func segmentPlanes() throws {
        let names = [
            "dpi/screen72.png", "zarr_missing_level/missing.ome.zarr", "hdf5/ilastik_yxc1.h5",
            "n5/raw2d.n5", "units/unit_latin1.tif", "values/float_tiny.tif",
        ]
        let paths = names.compactMap { path($0) }
        guard !paths.isEmpty else { return }
        let end = try run(["segment", "--format", "tif,csv", "-o", "all"] + paths)
        #expect(end.status == 0, "\(end.error)")
        for name in ["screen72", "missing", "ilastik_yxc1", "raw2d", "unit_latin1", "float_tiny"] {
            #expect(try objects("all/\(name).tif") == 12, "\(name)")
        }
        func hasAreas(_ name: String) throws -> Bool {
            try String(contentsOfFile: place.path("all/\(name).csv"), encoding: .utf8)
                .contains("area_um2")
        }
        #expect(try !hasAreas("screen72") && hasAreas("unit_latin1") && hasAreas("missing"))
        #expect(end.error.contains("2 of 3 resolution levels are missing"))
        #expect(end.error.contains("read as Latin-1"))
    }

    @Test(
        "usam segment takes the plane that is meant, and says what it leaves out",
        arguments: [
            (
                ["--channel", "GFP"],
                [
                    ("ome_multifile/scan_ch0.ome.tif", 5), ("ome_xml/entity.ome.tif", 5),
                    ("plate/single.zarr", 2),
                ],
                "2 other channels"
            ),
            (["--channel", "1", "--z", "3"], [("lsm/stack.lsm", 3)], "3 other slices"),
            (
                ["--z", "2"], [("stk/timelapse.stk", 4), ("sloppy_tiff/interrupted.tif", 4)],
                "the recording or the copy is incomplete"
            ),
            (["--t", "3"], [("imagej_onepage/hyperstack_t4.tif", 5)], "3 other time points"),
            (["--channel", "0"], [("shaped/cyx.tif", 12)], "1 other channel"),
        ] as [([String], [(String, Int)], String)]
    )
    func segmentChosen(options: [String], rows: [(String, Int)], mention: String) throws {
        let paths = rows.compactMap { path($0.0) }
        guard !paths.isEmpty else { return }
        let undecided = try run(["segment", paths[0], "-o", "none/"])
        #expect(undecided.status == 1 && undecided.error.contains("choose a plane with --"))
        let end = try run(["segment", "-o", "chosen/"] + paths + options)
        #expect(end.status == 0 && end.error.contains(mention), "\(end.error)")
        for ((name, count), path) in zip(rows, paths) {
            let file = URL(filePath: path).lastPathComponent.split(separator: ".")[0]
            #expect(try objects("chosen/\(file).tif") == count, "\(name)")
        }
    }

    @Test("Of a plane in a missing file the message names it; files of one image are noticed")
    func severalFiles() throws {
        guard let folder = path("ome_multifile"), let file = path("ome_multifile/scan_ch1.ome.tif")
        else { return }
        let missing = try run(["segment", file, "--channel", "2", "-o", "a.tif"])
        #expect(missing.status == 1 && missing.error.contains("scan_ch2.ome.tif"))
        let twice = try run(["segment", folder, "--channel", "1", "-o", "twice/"])
        #expect(twice.status == 0)
        #expect(twice.error.contains("scan_ch1.ome.tif is also an input"), "\(twice.error)")
        #expect(try objects("twice/scan_ch0.tif") == 5 && objects("twice/scan_ch1.tif") == 5)
    }

    @Test("A hot pixel costs objects and is said; percentiles find all")
    func hotPixel() throws {
        guard let file = path("values/hot_pixel.tif") else { return }
        let plain = try run(["segment", file, "-o", "plain.tif"])
        #expect(plain.status == 0 && plain.error.contains("the brightest pixel is 65535"))
        #expect(plain.error.contains("normalise by percentiles"), "\(plain.error)")
        let clipped = try run(["segment", file, "-o", "clipped.tif", "--normalize", "percentile"])
        #expect(clipped.status == 0 && !clipped.error.contains("brightest"), "\(clipped.error)")
        #expect(try objects("plain.tif") < 12 && objects("clipped.tif") == 12)
    }

    // MARK: - prompt

    private func areas(_ image: String, _ options: [String]) throws -> [Int]? {
        guard let image = path(image) else { return nil }
        let end = try run(["prompt", image, "--json", "--quiet"] + options)
        #expect(end.status == 0, "\(end.error)")
        return try JSONDecoder().decode(PredictionDocument.self, from: Data(end.output.utf8))
            .predictions.map(\.area)
    }

    @Test("Tables of napari prompt the same five objects, with and without a slice")
    func tables() throws {
        for name in ["napari_points2d.csv", "napari_points3d.csv"] {
            guard let file = path("prompt_tables/" + name) else { return }
            let found = try areas("prompt_tables/image.tif", ["--prompts", file])
            // A few pixels may differ from machine to machine.
            for (area, expected) in zip(found ?? [], [1423, 944, 1317, 759, 1045]) {
                #expect(abs(area - expected) <= 20, "\(name): \(area)")
            }
            #expect(found?.count == 5)
        }
    }

    @Test("Regions of a stack are those of the slice; far ones are refused")
    func regions() throws {
        guard let slices = path("roi_slices/slice.zip"), let far = path("rois/far.roi"),
            let image = path("rois/image.tif"), let stack = path("roi_slices/stack.tif")
        else { return }
        #expect(try areas("roi_slices/stack.tif", ["--prompts", slices, "--z", "1"])?.count == 2)
        let open = try run(["prompt", stack, "--prompts", slices, "--json"])
        #expect(open.status == 1 && open.error.contains("slices 0, 1, 2"), "\(open.error)")
        let outside = try run(["prompt", image, "--prompts", far, "--json"])
        #expect(outside.status == 1 && outside.error.contains("40000"), "\(outside.error)")
    }

    // MARK: - evaluate and train

    @Test(
        "usam evaluate reads labels of ilastik, QuPath and ImageJ, and tells of -1",
        arguments: [
            ("hdf5/truth.tif", "hdf5/ilastik_labels_yxc1.h5", "12", ""),
            ("prompt_tables/qupath.geojson", "hdf5/truth.tif", "3", ""),
            ("rois/macos.zip", "rois/plain.zip", "3", ""),
            ("labels/background_minus1.tif", "hdf5/truth.tif", "", "add 1 to all values"),
            ("rois/far.roi", "hdf5/truth.tif", "", "outside the image"),
            ("shaped/cyx.tif", "shaped/cyx.tif", "", "a label image has one channel"),
        ]
    )
    func evaluate(truth: String, prediction: String, objects: String, mention: String) throws {
        guard let truth = path(truth), let prediction = path(prediction) else { return }
        let end = try run(["evaluate", "--labels", truth, "--predictions", prediction])
        guard mention.isEmpty else {
            #expect(end.status == 1 && end.error.contains(mention), "\(end.error)")
            return
        }
        #expect(end.status == 0, "\(end.error)")
        let line = end.output.split(separator: "\n").first { $0.hasPrefix("True objects") }
        #expect(line?.contains(" \(objects).0000") == true, "\(end.output)")
        if objects == "12" { #expect(end.output.contains(/mSA +1\.0000/)) }
    }

    @Test("usam evaluate automatic judges a plane of ilastik")
    func judge() throws {
        guard let image = path("hdf5/ilastik_yxc1.h5"), let truth = path("hdf5/truth.tif") else {
            return
        }
        let end = try run(["evaluate", "automatic", image, "--labels", truth, "--quiet"])
        #expect(
            end.status == 0 && end.output.contains(/SA50 +1\.000/),
            "\(end.output)\(end.error)"
        )
    }

    @Test(
        "usam train checks the same planes and labels",
        arguments: [
            (
                "hdf5/ilastik_yxc1.h5", "hdf5/ilastik_labels_yxc1.h5", "",
                "1 image of 240 x 200 pixels, 12"
            ),
            ("ome_multifile/scan_ch1.ome.tif", "hdf5/truth.tif", "", "--channels"),
            ("ome_multifile/scan_ch1.ome.tif", "hdf5/truth.tif", "2", "scan_ch2.ome.tif"),
            ("ome_xml/entity.ome.tif", "hdf5/truth.tif", "0", "1 image of 240 x 200 pixels, 12"),
            ("roi_slices/stack.tif", "roi_slices/slice.zip", "", "3 planes of 140 x 120 pixels, 6"),
            ("prompt_tables/image.tif", "prompt_tables/qupath.geojson", "", "pixels, 3 objects"),
            ("hdf5/ilastik_yxc1.h5", "labels/background_minus1.tif", "", "add 1 to all values"),
            ("values/hot_pixel.tif", "hdf5/truth.tif", "", "(--normalize percentile)"),
        ]
    )
    func train(image: String, labels: String, channels: String, mention: String) throws {
        guard let image = path(image), let labels = path(labels) else { return }
        let options = channels.isEmpty ? [] : ["--channels", channels]
        let end = try run(
            ["train", "--images", image, "--labels", labels, "--dry-run", "-o", "run"] + options
        )
        #expect(end.error.contains(mention), "\(end.error)")
        #expect(
            end.status == (mention.contains("pixels,") || mention.contains("--normalize") ? 0 : 1)
        )
    }
}
