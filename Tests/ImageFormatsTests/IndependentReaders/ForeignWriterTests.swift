import Foundation
import ImageFormats
import Imaging
import Testing

/// What other programs' libraries write, as their own readers find it.
@Suite("Files of independent writers")
struct ForeignWriterTests {
    /// A file that `write.py` has written.
    private struct File: Decodable {
        struct Level: Decodable {
            let shape: [Int]
            let raw: String
        }

        let file: String
        let dataset: String?
        let names: String?
        let series: Int?
        let levels: [Level]
        let pixel: [Double]?
        let channels: [String]?
    }

    @Test(
        "Axes, levels and pixels are those that the writers mean",
        .enabled(if: IndependentPython.isUsed, "Scripts/independent-readers installs them")
    )
    func images() throws {
        let folder = try TemporaryFolder()
        let status = try IndependentPython.run("write.py", in: folder.url)
        guard status == 0 || IndependentPython.isRequired else {
            print("skipped: libraries are missing; Scripts/independent-readers installs them")
            return
        }
        try #require(status == 0)
        let list = try Data(contentsOf: folder.file("files.json"))
        let files = try JSONDecoder().decode([File].self, from: list)
        #expect(files.count > 60)
        for file in files {
            do {
                try check(file, in: folder)
            } catch {
                Issue.record("\(file.file) \(file.dataset ?? ""): \(error)")
            }
        }
        try checkShapes(in: folder)
    }

    private func check(_ file: File, in folder: TemporaryFolder) throws {
        var options = ImageSource.Options(series: file.series ?? 0, dataset: file.dataset)
        options.dimensionNames = file.names.map { $0.map { String($0) } }
        let source = try ImageSource(opening: folder.file(file.file), options: options)
        let found = source.description
        let what = Comment(rawValue: "\(file.file) \(file.dataset ?? "")")
        let shape = file.levels[0].shape
        let axes = ImageAxes(t: shape[0], c: shape[1], z: shape[2], y: shape[3], x: shape[4])
        #expect(found.axes == axes && found.samplesPerPixel == shape[5], what)
        #expect(
            found.levels == file.levels.map { Size(width: $0.shape[4], height: $0.shape[3]) },
            what
        )
        if let pixel = file.pixel {
            #expect([found.physicalSize.x, found.physicalSize.y] == pixel, what)
        }
        if let channels = file.channels { #expect(found.channelNames == channels, what) }
        guard found.axes == axes, found.levels.count == file.levels.count else { return }
        for (level, expected) in file.levels.enumerated() {
            var samples: [Float] = []
            for t in 0..<axes.t {
                for c in 0..<axes.c {
                    for z in 0..<axes.z {
                        let plane = PlaneIndex(t: t, c: c, z: z)
                        samples += try source.read(plane, level: level).floats().samples
                    }
                }
            }
            let raw = try Data(contentsOf: folder.file(expected.raw))
            #expect(samples.withUnsafeBytes { Data($0) } == raw, what)
        }
    }

    /// Outlines and masks become the labels that shapely and NumPy see in them.
    private func checkShapes(in folder: TemporaryFolder) throws {
        let raw = try Data(contentsOf: folder.file("shapes.raw"))
        for name in ["shapes.geojson", "shapes.json"] {
            let file = try RegionFile(opening: folder.file(name).path)
            let labels = try file.labels(ImageAxes(y: 40, x: 60))
            #expect(labels.labels.withUnsafeBytes { Data($0) } == raw, "\(name)")
        }
    }
}
