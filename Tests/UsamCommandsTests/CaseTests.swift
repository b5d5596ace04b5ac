import Evaluation
import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Judging
import Prompting
import Segmentation
import TestFixtures
import Testing
import Training
import UsamCommands

/// The rows of `../shared/cases/README.md` through the program, wherever they apply.
///
/// The planes of the cases show different numbers of discs, so that the number of objects tells which plane was
/// taken. The model takes seconds for an image, so it sees one of each kind; the other planes go through the same
/// batch with a stand-in that finds bright pixels.
///
/// P: through the program; B: through a batch with the stand-in; L: through the library that the command calls
/// (`CaseTableTests`, `PromptCaseTests`, `SharedCaseTests`, `ContainerCaseTests`, and here); -: does not apply.
///
/// | Row | info | segment | prompt | evaluate | train | library |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | `ome_multifile` | P | P B, and the missing file | L | L | P, and the missing file L | L |
/// | `lsm` | P | P B | L | L | L | L |
/// | `stk` | P | B | L | L | L | L |
/// | `shaped` | P | B | L | L | L | L |
/// | `dpi` | P | P B, no areas in micrometres | L | L | L | L |
/// | `imagej_onepage` | P | P B | L | L | L | L |
/// | `ome_xml` | P | B | L | L | L | L |
/// | `zarr_missing_level` | P | P B | L | L | L | L |
/// | `plate` | P | P B | L | L | L | L |
/// | `hdf5` | P | B | L | P, as image L | P | L |
/// | `rois` | P, refused | B | P, beyond the image | L | - | L |
/// | `prompt_tables` | P, refused | B | P | L | L | L |
/// | `roi_slices` | P | - | P | - | L | L |
/// | `n5` | P | B | L | L | L | L |
/// | `units` | P | P B, areas in micrometres | L | L | L | L |
/// | `sloppy_tiff` | P | B | L | L | L | L |
/// | `outlines` | P | P, GeoJSON | P, that GeoJSON | - | - | L |
/// | `sparse` | P | - | - | - | - | L |
/// | `values` | P | P, both normalisations; B | P | P | P | L |
/// | `labels` | P | - | - | P | L | L |
@Suite("Cases of users, through the program", .serialized)
struct CaseTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    private func run(
        _ arguments: [String],
        with model: QuickModel? = nil
    ) throws -> Program.Ending {
        try Program.run(arguments, in: place.folder, with: model)
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

    /// Options that change nothing here and save the first look at each image.
    private static let quick = ["--tile-shape", "none"]

    @Test("usam segment finds the discs of images with one plane, and tells of a hot pixel")
    func segmentPlanes() throws {
        let names = [
            "dpi/screen72.png", "zarr_missing_level/missing.ome.zarr", "units/unit_latin1.tif",
            "values/hot_pixel.tif",
        ]
        let paths = names.compactMap { path($0) }
        guard let hot = paths.last else { return }
        let end = try run(["segment", "--format", "tif,csv", "-o", "all"] + paths + Self.quick)
        #expect(end.status == 0, "\(end.error)")
        for path in names.dropLast() {
            #expect(try objects("all/\(Self.stem(path)).tif") == CasePlane.discs(path), "\(path)")
        }
        func hasAreas(_ name: String) throws -> Bool {
            try String(contentsOfFile: place.path("all/\(name).csv"), encoding: .utf8)
                .contains("area_um2")
        }
        #expect(try !hasAreas("screen72") && hasAreas("unit_latin1") && hasAreas("missing"))
        #expect(end.error.contains("2 of 3 resolution levels are missing"))
        #expect(end.error.contains("read as Latin-1"))
        #expect(end.error.contains("the brightest pixel is 65535"))
        #expect(end.error.contains("(--normalize percentile)"), "\(end.error)")
        let clipped = try run(
            ["segment", hot, "-o", "clipped.tif", "--normalize", "percentile"] + Self.quick
        )
        #expect(clipped.status == 0 && !clipped.error.contains("brightest"), "\(clipped.error)")
        #expect(try objects("all/hot_pixel.tif") < 12 && objects("clipped.tif") == 12)
    }

    /// The name of a result.
    private static func stem(_ path: String) -> String {
        String(URL(filePath: path).lastPathComponent.prefix { $0 != "." })
    }

    @Test(
        "usam segment takes the plane that is meant, and says what it leaves out",
        arguments: [
            (["--channel", "1", "--z", "3"], "lsm/stack.lsm", 3, "3 other slices"),
            (["--t", "3"], "imagej_onepage/hyperstack_t4.tif", 5, "3 other time points"),
        ]
    )
    func segmentChosen(options: [String], name: String, discs: Int, mention: String) throws {
        guard let path = path(name) else { return }
        let end = try run(
            ["segment", path, "-o", "chosen/"] + options + Self.quick,
            with: .brightness
        )
        #expect(end.status == 0 && end.error.contains(mention), "\(end.error)")
        #expect(try objects("chosen/\(Self.stem(name)).tif") == discs)
    }

    @Test("A batch takes the plane that is meant of each case", arguments: CasePlane.all)
    func batch(plane: CasePlane) async throws {
        guard let path = path(plane.path) else { return }
        var settings = SegmentationBatch.Settings()
        settings.segmentation.plane = PlaneSelection(z: plane.z, t: plane.t)
        settings.segmentation.plane.channels =
            plane.channel.flatMap { ChannelChoice($0) }.map { [$0] } ?? []
        let item = BatchItem(input: path, output: place.path("out.tif"))
        let result = await JobSamples.run([item], settings)
        #expect(result.errors == [])
        #expect(try objects("out.tif") == plane.discs)
        let said = result.report.files[0].warnings.joined(separator: "\n")
        let isChosen = plane.channel != nil || plane.z != nil || plane.t != nil
        #expect(said.contains("not used: ") == isChosen, "\(said)")
        if plane.path.hasPrefix("sloppy_tiff") {
            #expect(said.contains("the recording or the copy is incomplete"))
        }
    }

    @Test("Without a choice no plane is taken, of none of the files")
    func undecided() throws {
        let names = Set(
            CasePlane.all.filter { $0.channel != nil || $0.z != nil || $0.t != nil }.map(\.path)
        )
        let paths = names.sorted().compactMap { path($0) }
        guard !paths.isEmpty else { return }
        let end = try run(["segment", "-o", "none/"] + paths)
        #expect(end.status == 1)
        let lines = end.error.split(separator: "\n")
        for path in paths {
            let isNamed = lines.contains {
                $0.contains(path) && $0.contains("choose a plane with --")
            }
            #expect(isNamed, "\(path): \(end.error)")
        }
    }

    @Test("Channels by name; of a plane in a missing file the message names it; twins are noticed")
    func channels() throws {
        guard let folder = path("ome_multifile"), let file = path("ome_multifile/scan_ch1.ome.tif"),
            let plate = path("plate/single.zarr")
        else { return }
        let end = try run(
            ["segment", folder, plate, "--channel", "GFP", "-o", "gfp/"] + Self.quick,
            with: .brightness
        )
        #expect(end.status == 0 && end.error.contains("2 other channels"), "\(end.error)")
        #expect(end.error.contains("scan_ch1.ome.tif is also an input"), "\(end.error)")
        #expect(try objects("gfp/scan_ch0.tif") == 5 && objects("gfp/scan_ch1.tif") == 5)
        #expect(try objects("gfp/single.tif") == 2)
        let missing = try run(["segment", file, "--channel", "2", "-o", "a.tif"])
        #expect(missing.status == 1 && missing.error.contains("scan_ch2.ome.tif"))
    }

    // MARK: - prompt

    private func predicted(
        _ image: String,
        _ options: [String],
        with model: QuickModel? = nil
    ) throws -> (text: String, predictions: [ObjectPrediction])? {
        guard let image = path(image) else { return nil }
        let end = try run(["prompt", image, "--json", "--quiet"] + options, with: model)
        #expect(end.status == 0, "\(end.error)")
        let document = try JSONDecoder().decode(
            PredictionDocument.self,
            from: Data(end.output.utf8)
        )
        return (end.output.filter { !$0.isWhitespace }, document.predictions)
    }

    @Test("A table of napari with a slice prompts five objects; one without has the same points")
    func tables() throws {
        guard let flat = path("prompt_tables/napari_points2d.csv"),
            let deep = path("prompt_tables/napari_points3d.csv")
        else { return }
        let found = try predicted("prompt_tables/image.tif", ["--prompts", deep])
        let areas = found?.predictions.map(\.area) ?? []
        // A few pixels may differ from machine to machine.
        for (area, expected) in zip(areas, [1423, 944, 1317, 759, 1045]) {
            #expect(abs(area - expected) <= 20, "\(area)")
        }
        #expect(areas.count == 5 && found?.text.contains("pixel_size") == false)
        func prompts(_ file: String) throws -> [[Prompt]] {
            try PromptFile(reading: file).document.objects.map(\.prompts)
        }
        #expect(try prompts(flat) == prompts(deep))
    }

    @Test("Regions of a stack are those of the slice, which results name; far ones are refused")
    func regions() throws {
        guard let slices = path("roi_slices/slice.zip"), let far = path("rois/far.roi"),
            let image = path("rois/image.tif"), let stack = path("roi_slices/stack.tif")
        else { return }
        let found = try predicted(
            "roi_slices/stack.tif",
            ["--prompts", slices, "--z", "1", "--pixel-size", "0.25"],
            with: .narrow
        )
        #expect(found?.predictions.map(\.place.z) == [1, 1])
        #expect(found?.text.contains(#""source":"given""#) == true, "\(found?.text ?? "")")
        let open = try run(["prompt", stack, "--prompts", slices, "--json"])
        #expect(open.status == 1 && open.error.contains("slices 0, 1, 2"), "\(open.error)")
        let outside = try run(["prompt", image, "--prompts", far, "--json"])
        #expect(outside.status == 1 && outside.error.contains("40000"), "\(outside.error)")
    }

    // MARK: - evaluate and train

    @Test("usam evaluate reads labels of ilastik, and tells of -1")
    func evaluate() throws {
        guard let truth = path("hdf5/truth.tif"), let odd = path("labels/background_minus1.tif"),
            let prediction = path("hdf5/ilastik_labels_yxc1.h5")
        else { return }
        let end = try run(["evaluate", "--labels", truth, "--predictions", prediction])
        #expect(end.status == 0, "\(end.error)")
        let line = end.output.split(separator: "\n").first { $0.hasPrefix("True objects") }
        #expect(line?.contains(" 12.0000") == true, "\(end.output)")
        #expect(end.output.contains(/mSA +1\.0000/))
        let refused = try run(["evaluate", "--labels", odd, "--predictions", truth])
        #expect(refused.status == 1 && refused.error.contains("add 1 to all values"))
    }

    @Test(
        "Labels of QuPath and ImageJ are compared; what is no label is refused",
        arguments: [
            ("prompt_tables/qupath.geojson", "hdf5/truth.tif", 3, ""),
            ("rois/macos.zip", "rois/plain.zip", 3, ""),
            ("rois/far.roi", "hdf5/truth.tif", 0, "outside the image"),
            ("shaped/cyx.tif", "shaped/cyx.tif", 0, "labels have one channel"),
        ]
    )
    func compare(truth: String, prediction: String, objects: Int, mention: String) throws {
        guard let truth = path(truth), let prediction = path(prediction) else { return }
        let pair = AnnotatedImage(image: prediction, labels: truth)
        guard !mention.isEmpty else {
            #expect(try LabelsScore(comparing: pair).score.truthCount == objects)
            return
        }
        let error = try #require(throws: (any Error).self) { try LabelsScore(comparing: pair) }
        #expect(Usam.ending(of: error).message.contains(mention), "\(error)")
    }

    @Test("A plane of ilastik is judged")
    func judge() throws {
        guard let image = path("hdf5/ilastik_yxc1.h5"), let truth = path("hdf5/truth.tif") else {
            return
        }
        let judge = try ModelJudge(
            LibraryDoors.model(nil),
            JudgeSettings(for: LibraryDoors.model(nil))
        )
        let judgement = try judge.judge(AnnotatedImage(image: image, labels: truth))
        #expect(judgement.automatic?.segmentation.accuracy50 == 1)
    }

    @Test(
        "usam train checks the same planes and labels",
        arguments: [
            (
                "hdf5/ilastik_yxc1.h5", "hdf5/ilastik_labels_yxc1.h5", 0,
                "1 image of 240 x 200 pixels, 12"
            ),
            ("ome_multifile/scan_ch1.ome.tif", "hdf5/truth.tif", 1, "--channels"),
            ("values/hot_pixel.tif", "hdf5/truth.tif", 0, "(--normalize percentile)"),
        ]
    )
    func train(image: String, labels: String, status: Int32, mention: String) throws {
        guard let image = path(image), let labels = path(labels) else { return }
        let end = try run(
            ["train", "--images", image, "--labels", labels, "--dry-run", "-o", "run"]
        )
        #expect(end.status == status && end.error.contains(mention), "\(end.error)")
    }

    @Test(
        "Training data are the planes and objects that are meant, or are refused",
        arguments: [
            ("ome_xml/entity.ome.tif", "hdf5/truth.tif", 0, 12, ""),
            ("shaped/cyx.tif", "hdf5/truth.tif", 0, 12, ""),
            ("n5/raw2d.n5", "hdf5/truth.tif", nil, 12, ""),
            ("roi_slices/stack.tif", "roi_slices/slice.zip", nil, 6, ""),
            ("prompt_tables/image.tif", "prompt_tables/qupath.geojson", nil, 3, ""),
            ("ome_multifile/scan_ch1.ome.tif", "hdf5/truth.tif", 2, 0, "scan_ch2.ome.tif"),
            ("hdf5/ilastik_yxc1.h5", "labels/background_minus1.tif", nil, 0, "add 1 to all values"),
        ] as [(String, String, Int?, Int, String)]
    )
    func trainingData(
        image: String,
        labels: String,
        channel: Int?,
        objects: Int,
        mention: String
    ) throws {
        guard let image = path(image), let labels = path(labels) else { return }
        let pair = AnnotatedImage(
            image: image,
            labels: labels,
            reading: .init(channels: channel.map { [$0] })
        )
        guard !mention.isEmpty else {
            #expect(try TrainingDataCheck([pair], SamplingOptions()).objectCount == objects)
            return
        }
        let error = try #require(throws: (any Error).self) {
            try TrainingDataCheck([pair], SamplingOptions())
        }
        #expect(Usam.ending(of: error).message.contains(mention), "\(error)")
    }
}
