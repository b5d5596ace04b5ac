import Foundation
import ImageFormats
import Imaging
import JobSamples
import Prompting
import TestFixtures
import Testing
import Training

/// The planes of `../shared/cases` as data for training and evaluation, with labels of their bright discs; and what
/// goes from one command into another.
@Suite("Cases of users, as annotated images", .serialized)
struct CaseDataTests {
    private let place: Workplace

    init() throws { place = try Workplace() }

    /// An image, and the channel of it that is meant.
    struct Case: Sendable, CustomStringConvertible {
        let path: String
        var channel: Int?

        var description: String { path }

        static let all = [
            Case(path: "lsm/stack.lsm", channel: 1), Case(path: "stk/timelapse.stk"),
            Case(path: "dpi/screen72.png"), Case(path: "imagej_onepage/hyperstack_t4.tif"),
            Case(path: "zarr_missing_level/missing.ome.zarr"),
            Case(path: "plate/single.zarr", channel: 1), Case(path: "units/unit_latin1.tif"),
            Case(path: "sloppy_tiff/interrupted.tif"),
        ]
    }

    private func path(_ name: String) -> String? { Fixtures.cases?.appending(path: name).path }

    /// The numbered discs of a plane.
    private func discs(_ raster: Raster<Float>) throws -> LabelImage {
        let middle = ((raster.samples.min() ?? 0) + (raster.samples.max() ?? 0)) / 2
        let bright = raster.samples.map { UInt32($0 > middle ? 1 : 0) }
        return try LabelImage(size: raster.size, labels: bright)
            .splitIntoComponents(connectivity: .edgesAndCorners)
    }

    /// Writes the labels of all planes of a channel.
    ///
    /// - Returns: The file, and the number of objects on each plane.
    private func writeLabels(of row: Case) throws -> (file: String, counts: [Int])? {
        guard let image = path(row.path) else { return nil }
        let source = try ImageSource(opening: URL(filePath: image))
        let axes = source.description.axes
        let file = place.path("labels.tif")
        var writer = try TIFFWriter(
            creating: URL(filePath: file),
            axes: ImageAxes(t: axes.t, z: axes.z, y: axes.y, x: axes.x),
            sampleType: .uint32
        )
        var counts: [Int] = []
        for t in 0..<axes.t {
            for z in 0..<axes.z {
                let plane = PlaneIndex(t: t, c: row.channel ?? 0, z: z)
                let labels = try discs(source.read(plane).floats())
                counts.append(labels.objectLabels().count)
                try writer.append(.uint32(Raster(size: labels.size, samples: labels.labels)))
            }
        }
        try writer.finish()
        return (file, counts)
    }

    @Test(
        "Training and evaluation see the planes that are meant, and their labels",
        arguments: Case.all
    )
    func planes(row: Case) throws {
        guard let image = path(row.path), let (file, counts) = try writeLabels(of: row) else {
            return
        }
        let pair = AnnotatedImage(
            image: image,
            labels: file,
            reading: .init(channels: row.channel.map { [$0] })
        )
        let planes = try AnnotatedPlanes(opening: pair)
        #expect(planes.planes == 0..<counts.count)
        for (plane, count) in counts.enumerated() {
            #expect(try discs(planes.image(plane: plane).floats()).objectLabels().count == count)
            #expect(try planes.labels(plane: plane).objectLabels().count == count)
        }
        // The one table of the numbers agrees.
        let channel = row.channel.map {
            row.path.hasPrefix("plate") ? ["DAPI", "GFP"][$0] : "\($0)"
        }
        for known in CasePlane.all where known.path == row.path && known.channel == channel {
            #expect(counts[known.t ?? known.z ?? 0] == known.discs, "\(known)")
        }
        let check = try TrainingDataCheck([pair], SamplingOptions())
        #expect(check.objectCount == counts.reduce(0, +) && check.planeCount == counts.count)
    }

    @Test("usam train checks them, too", arguments: Case.all)
    func train(row: Case) throws {
        guard let image = path(row.path), let (file, counts) = try writeLabels(of: row) else {
            return
        }
        let channels = row.channel.map { ["--channels", "\($0)"] } ?? []
        let end = try Program.run(
            ["train", "--images", image, "--labels", file, "--dry-run", "-o", "run"] + channels,
            in: place.folder
        )
        #expect(end.status == 0, "\(end.error)")
        #expect(end.error.contains("\(counts.reduce(0, +)) objects"), "\(end.error)")
        if row.path.hasPrefix("units") { #expect(end.error.contains("read as Latin-1")) }
        if row.path.hasPrefix("sloppy") { #expect(end.error.contains("3 pages are read")) }
    }

    @Test("A hot pixel is told of by prompts and by evaluation")
    func hotPixel() throws {
        guard let hot = path("values/hot_pixel.tif"), let truth = path("hdf5/truth.tif") else {
            return
        }
        let prompt = try Program.run(
            ["prompt", hot, "--point", "44,207", "-o", "p.tif"],
            in: place.folder,
            with: .narrow
        )
        #expect(prompt.status == 0 && prompt.error.contains("the brightest pixel is 65535"))
        #expect(prompt.error.contains("(--normalize percentile)"), "\(prompt.error)")
        let score = try Program.run(
            ["evaluate", "automatic", hot, "--labels", truth],
            in: place.folder,
            with: .brightness
        )
        #expect(score.status == 0 && score.error.contains("the brightest pixel is 65535"))
        #expect(score.error.contains("(--normalize percentile)"), "\(score.error)")
    }

    @Test("GeoJSON of segmented outlines is read as prompts again, one for each object")
    func outlines() throws {
        guard let image = path("outlines/texture.tif") else { return }
        let first = try Program.run(
            ["segment", image, "--format", "tif,geojson", "-o", "out/", "--tile-shape", "none"],
            in: place.folder
        )
        #expect(first.status == 0, "\(first.error)")
        let labels = try ImageSource(opening: URL(filePath: place.path("out/texture.tif")))
            .readLabels()
        let count = labels.objectLabels().count
        try #require(count > 0)
        let file = place.path("out/texture.geojson")
        let objects = try PromptFile(reading: file).document.objects
        #expect(objects.count == count)
        let axes = ImageAxes(y: labels.size.height, x: labels.size.width)
        #expect(try LabelFile(opening: file, for: axes).read().objectLabels().count == count)
        for use in ["outline", "box", "centre"] {
            let again = try Program.run(
                ["prompt", image, "--prompts", file, "--outlines", use, "--json", "--quiet"],
                in: place.folder,
                with: .narrow
            )
            #expect(again.status == 0, "\(again.error)")
            let found = try JSONDecoder().decode(
                PredictionDocument.self,
                from: Data(again.output.utf8)
            )
            #expect(found.predictions.count == count, "\(use)")
        }
    }
}
