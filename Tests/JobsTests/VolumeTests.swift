import Foundation
import ImageFormats
import Imaging
import JobSamples
import Jobs
import Prompting
import Synchronization
import Testing

@Suite("Volumes in batches")
struct VolumeTests {
    private static let size = Size(width: 23, height: 17)

    /// Writes slices with a bright square at (x, 2), one for each number; nil for a slice without one.
    private func writeStack(_ place: Workplace, _ columns: [Int?], timePoints: Int = 1) throws
        -> String
    {
        try place.write(to: "stack.tif")
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("stack.tif")),
            axes: ImageAxes(
                t: timePoints,
                z: columns.count,
                y: Self.size.height,
                x: Self.size.width
            ),
            sampleType: .uint8,
            options: .init(physicalSize: PhysicalSize(x: 0.5, y: 0.5, z: 2, unit: "\u{B5}m"))
        )
        for column in (0..<timePoints).flatMap({ _ in columns }) {
            var plane = Raster<UInt8>(repeating: 10, size: Self.size)
            plane[x: 22, y: 16] = 100  // so that no slice is empty
            if let column {
                for y in 2..<9 { for x in column..<column + 7 { plane[x: x, y: y] = 200 } }
            }
            try writer.append(.uint8(plane))
        }
        try writer.finish()
        return place.path("stack.tif")
    }

    private func item(_ input: String, _ place: Workplace, _ kinds: [ResultKind]) -> BatchItem {
        BatchItem(
            input: input,
            results: kinds.map { ResultFile($0, place.path("out/stack" + $0.ending)) }
        )
    }

    private func settings(_ change: (inout VolumeOptions) -> Void = { _ in })
        -> SegmentationBatch.Settings
    {
        var settings = SegmentationBatch.Settings()
        settings.segmentation.segmentsEachPlane = true
        var options = VolumeOptions()
        change(&options)
        settings.segmentation.volume = options
        return settings
    }

    private func labels(_ path: String, _ count: Int) throws -> [LabelImage] {
        let source = try ImageSource(opening: URL(filePath: path))
        return try (0..<count).map { try source.readLabels(PlaneIndex(t: 0, z: $0)) }
    }

    @Test(
        "An object goes through its slices with one label, in every form; the table has one row for it"
    )
    func forms() async throws {
        let place = try Workplace()
        let input = try writeStack(place, [3, 4, nil, 12, 12])
        let item = item(input, place, [.tiff, .omeZarr, .table, .geoJSON])
        let result = await run([item], settings())
        #expect(result.report.errors == [])
        #expect(result.report.counts.objects == 2 && result.report.files[0].planes == 5)
        for file in item.results.prefix(2) {
            let slices = try labels(file.path, 5)
            #expect(slices.map { $0[x: 9, y: 5] } == [1, 1, 0, 0, 0])
            #expect(slices.map { $0[x: 15, y: 5] } == [0, 0, 0, 2, 2])
        }
        let lines = try String(contentsOfFile: item.results[2].path, encoding: .utf8).split(
            separator: "\n"
        )
        #expect(
            lines.count == 3 && lines[0].hasPrefix("label,volume,centroid_x,centroid_y,centroid_z,")
        )
        #expect(
            lines[0].contains("volume_um3")
                && lines[0].hasSuffix("mean_intensity_0,image,model,usam")
        )
        // Two slices of 7 x 7 pixels without the corners, of 0.5 x 0.5 x 2 um.
        #expect(
            lines[1].hasPrefix("1,90,6.5,5,0.5,3,2,0,8,7,2,160,45,3.25,2.5,1,"),
            "\(lines[1])"
        )
        #expect(
            try place.files(in: "out").allSatisfy {
                !$0.contains("usam-slices") && !$0.contains("usam-part")
            }
        )
    }

    @Test("Meshes are a file for each object, or one file with all; a further one needs no model")
    func meshes() async throws {
        let place = try Workplace()
        let input = try writeStack(place, [3, 4, nil, 12])
        let both = item(input, place, [.tiff, .stl, .obj])
        let result = await run([both], settings())
        #expect(result.report.errors == [])
        let files = [
            "stack.obj", "stack.tif", "stack_stl/label_1.stl", "stack_stl/label_2.stl",
        ]
        #expect(try place.files(in: "out") == files)
        let text = try String(contentsOfFile: both.results[2].path, encoding: .utf8)
        // The half-way from the first slice to outside, and the border of the object in x.
        #expect(text.contains("\no label_1\n") && text.contains("\nv 2.0 1.5 -1.0\n"))
        #expect(text.contains("in the unit um\n") && text.contains("\no label_2\n"))
        // Again, in place of the folder.
        var replacing = settings()
        replacing.replacesResults = true
        let again = await run([both], replacing)
        #expect(again.report.errors == [] && again.report.counts.objects == 2)
        #expect(try place.files(in: "out") == files)
        #expect(try String(contentsOfFile: both.results[2].path, encoding: .utf8) == text)
    }

    @Test("Gaps are closed and thin objects left out as asked for")
    func options() async throws {
        let place = try Workplace()
        let input = try writeStack(place, [3, nil, 3, nil, nil, nil, 14])
        let item = item(input, place, [.tiff])
        let closed = await run([item], settings { ($0.gapClosing, $0.minimumDepth) = (1, 2) })
        #expect(closed.report.errors == [] && closed.report.counts.objects == 1)
        #expect(try labels(item.output, 7).map { $0[x: 6, y: 5] } == [1, 1, 1, 0, 0, 0, 0])
        #expect(try labels(item.output, 7).allSatisfy { $0[x: 18, y: 5] == 0 })
    }

    /// Writes two bright boxes of 7 x 7 x 5 voxels above each other, with three slices between them.
    ///
    /// - Parameter channels: The first one has the boxes, the others are dark.
    private func writeBoxes(_ place: Workplace, spacing: Double, channels: Int = 1) throws -> String
    {
        try place.write(to: "boxes.tif")
        var writer = try TIFFWriter(
            creating: URL(filePath: place.path("boxes.tif")),
            axes: ImageAxes(c: channels, z: 17, y: Self.size.height, x: Self.size.width),
            sampleType: .uint16,
            options: .init(physicalSize: PhysicalSize(x: 1, y: 1, z: spacing, unit: "\u{B5}m"))
        )
        for z in 0..<17 {
            for channel in 0..<channels {
                var plane = Raster<UInt16>(repeating: 10, size: Self.size)
                if channel == 0, (2...6).contains(z) || (10...14).contains(z) {
                    for y in 2..<9 { for x in 11..<18 { plane[x: x, y: y] = 200 } }
                }
                try writer.append(.uint16(plane))
            }
        }
        try writer.finish()
        return place.path("boxes.tif")
    }

    @Test(
        "Slices along y and x keep objects apart that slices along z join, and nothing else stays behind",
        arguments: [1, 2]
    )
    func axes(channels: Int) async throws {
        let place = try Workplace()
        let input = try writeBoxes(place, spacing: 1, channels: channels)
        let item = item(input, place, [.tiff, .table, .obj])
        var settings = settings { ($0.gapClosing, $0.axes) = (3, [.z, .y, .x]) }
        if channels > 1 {
            settings.segmentation.plane.channels = (0..<channels).map { .number($0) }
        }
        let result = await run([item], settings)
        #expect(result.report.errors == [] && result.report.counts.objects == 2)
        #expect(result.report.files[0].planes == 17 && result.report.files[0].warnings == [])
        let slices = try labels(item.output, 17)
        #expect(
            slices.map { $0[x: 14, y: 5] }
                == [0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 2, 2, 2, 2, 2, 0, 0],
            "\(slices.map { $0.labels.count { $0 != 0 } })"
        )
        #expect(slices[4].labels.count { $0 != 0 } >= 40)
        let table = try String(contentsOfFile: item.results[1].path, encoding: .utf8)
        #expect(table.split(separator: "\n").count == 3)
        #expect(
            try place.files() == [
                "boxes.tif", "out/stack.csv", "out/stack.obj", "out/stack.tif",
            ]
        )
    }

    @Test(
        "Along z alone the boxes are one; voxels that are no cubes and too few slices are pointed out"
    )
    func otherAxes() async throws {
        let place = try Workplace()
        let input = try writeBoxes(place, spacing: 4)
        let item = item(input, place, [.tiff])
        let along = await run([item], settings { $0.gapClosing = 3 })
        #expect(along.report.counts.objects == 1 && along.report.files[0].warnings == [])
        try FileManager.default.removeItem(atPath: item.output)
        let two = await run([item], settings { $0.axes = [.y, .z] })
        #expect(two.report.errors == [])
        #expect(two.report.counts.objects == 2)
        let warnings = two.report.files[0].warnings
        #expect(warnings.contains { $0.hasPrefix("slices are 4.0 times as far apart as pixels") })
        #expect(try place.files() == ["boxes.tif", "out/stack.tif"])
    }

    @Test("Several time points and a stack without slices are refused with what to choose")
    func refused() async throws {
        let place = try Workplace()
        let several = await run(
            [item(try writeStack(place, [3, 3], timePoints: 2), place, [.tiff])],
            settings()
        )
        #expect(several.report.errors.first?.contains("2 time points") == true)
        let flat = await run(
            [item(try writeStack(place, [3], timePoints: 2), place, [.tiff])],
            settings()
        )
        #expect(flat.report.errors.first?.contains("no slices") == true)
        #expect(try place.files() == ["stack.tif"])
        // One slice is a volume of one slice.
        let single = await run([item(try writeStack(place, [3]), place, [.tiff])], settings())
        #expect(single.report.errors == [] && single.report.counts.objects == 1)
    }

    @Test(
        "A run that ended early goes on with the slices that are missing, and ends with the same bytes",
        arguments: [[VolumeOptions.Axis.z], [.z, .y, .x]]
    )
    func continued(axes: [VolumeOptions.Axis]) async throws {
        let place = try Workplace()
        let input =
            axes.count == 1
            ? try writeStack(place, [3, 4, 5, 6, 7]) : try writeBoxes(place, spacing: 1)
        let item = item(input, place, [.tiff])
        let settings = settings { $0.axes = axes }
        let seen = Mutex(0)
        let stopped = Mutex<(run: BatchRun, count: Int)?>(nil)
        let watching: @Sendable () throws -> any BatchSegmenter = {
            WatchingSegmenter {
                let count = seen.withLock { count in
                    count += 1
                    return count
                }
                stopped.withLock { if let stop = $0, count == stop.count { stop.run.stop() } }
            }
        }
        _ = await run([item], settings, with: watching)
        let expected = try Data(contentsOf: URL(filePath: item.output))
        try FileManager.default.removeItem(atPath: item.output)
        let all = seen.withLock { count in
            defer { count = 0 }
            return count
        }
        // Along several axes, one is done by then and another begun.
        let early = all * 4 / 5
        let first = batchRun([item], settings, with: watching)
        stopped.withLock { $0 = (first, early) }
        let ended = await first.result { _, _ in }
        #expect(ended.isStopped)
        #expect(!FileManager.default.fileExists(atPath: item.output))
        stopped.withLock { $0 = nil }
        let again = await run([item], settings, with: watching)
        #expect(again.report.errors == [])
        #expect(try Data(contentsOf: URL(filePath: item.output)) == expected)
        // At least one slice was kept.
        #expect(seen.withLock { $0 } < early + all)
        let name = axes.count == 1 ? "stack.tif" : "boxes.tif"
        #expect(Set(try place.files()) == ["out/stack.tif", name])
    }

    @Test("A further form of finished labels has the same objects, and needs no model")
    func further() async throws {
        let place = try Workplace()
        let input = try writeStack(place, [3, 4, nil, 12])
        let manifest = place.path("out/manifest.jsonl")
        var segmentation = settings().segmentation
        segmentation.results = [.tiff]
        let first = item(input, place, [.tiff])
        _ = await run(
            [first],
            settings(),
            manifest: try RunManifest(manifest, header: manifestHeader(segmentation))
        )
        segmentation.results = [.tiff, .table]
        let both = item(input, place, [.tiff, .table])
        let result = await run(
            [both],
            settings(),
            manifest: try RunManifest(manifest, header: manifestHeader(segmentation)),
            with: { throw CancellationError() }
        )
        #expect(result.report.errors == [] && result.report.counts.objects == 2)
        let lines = try String(contentsOfFile: both.results[1].path, encoding: .utf8).split(
            separator: "\n"
        )
        #expect(lines.count == 3 && lines[1].hasPrefix("1,90,"), "\(lines[1])")
    }
}
