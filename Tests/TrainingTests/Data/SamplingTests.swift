import Foundation
import ImageFormats
import Imaging
import Testing
import Training

@Suite("Patches of images with labels")
struct SamplingTests {
    private static func source(
        _ folder: DataFolder,
        count: Int = 3,
        _ change: (inout SamplingOptions) -> Void = { _ in }
    ) throws -> LabeledImages {
        let pairs = try (0..<count).map { index in
            let paths = try folder.addPair("im\(index)", seed: UInt64(index + 1))
            return AnnotatedImage(image: paths.image, labels: paths.labels)
        }
        var options = SamplingOptions()
        options.patchSize = Size(width: 96, height: 80)
        change(&options)
        return try LabeledImages(pairs, options)
    }

    @Test("A sample is given by pass, place and seed alone")
    func isPure() throws {
        let folder = try DataFolder()
        let first = try Self.source(folder) { $0.augmentation = .strong }
        let second = try LabeledImages(first.pairs, first.options, cacheBytes: 1)  // no cache
        for (epoch, index) in [(0, 0), (3, 7), (3, 8)] {
            let a = try first.sample(epoch: epoch, index: index, seed: 11)
            let b = try second.sample(epoch: epoch, index: index, seed: 11)
            #expect(a.image == b.image)
            #expect(a.instances == b.instances)
            #expect(a.targets == b.targets)
        }
        let c = try first.sample(epoch: 0, index: 0, seed: 12)
        #expect(c.image != (try first.sample(epoch: 0, index: 0, seed: 11).image))
    }

    @Test("Without changes, a patch as large as the image is the image")
    func wholeImage() throws {
        let folder = try DataFolder()
        let source = try Self.source(folder, count: 1) {
            $0.patchSize = Size(width: 160, height: 140)
            $0.augmentation = .none
        }
        let sample = try source.sample(epoch: 0, index: 0, seed: 0)
        let file = try ImageSource(opening: URL(filePath: source.pairs[0].image))
        let expected = try file.read().normalizedRGB().map { Float($0) }
        let region = Region(x: 0, y: 0, width: 150, height: 131)
        #expect(sample.image.size == Size(width: 160, height: 140))
        #expect(try sample.image.cropped(to: region) == expected)
        #expect(sample.image[x: 155, y: 5] == 0)
        let labels = try ImageSource(opening: URL(filePath: source.pairs[0].labels)).readLabels()
        let objects = try ObjectDistances(of: labels).objects
        #expect(try sample.instances.cropped(to: region) == objects)
    }

    @Test("Patches without objects are drawn again", arguments: SamplingOptions.Framing.allCases)
    func avoidsEmptyPatches(framing: SamplingOptions.Framing) throws {
        let folder = try DataFolder()
        let paths = try folder.addPair("corner", width: 400, height: 300) { labels in
            var labels = labels
            for pixel in labels.labels.indices {
                let (y, x) = pixel.quotientAndRemainder(dividingBy: labels.size.width)
                labels.labels[pixel] = (280..<292).contains(y) && (370..<384).contains(x) ? 7 : 0
            }
            return labels
        }
        var options = SamplingOptions()
        options.framing = framing
        options.patchSize = Size(width: 128, height: 128)
        options.cropSide = 256
        let source = try LabeledImages(
            [AnnotatedImage(image: paths.image, labels: paths.labels)],
            options
        )
        for index in 0..<6 {
            let sample = try source.sample(epoch: 0, index: index, seed: 3)
            #expect(sample.instances.labels.count { $0 == 1 } >= 25)
            #expect(sample.targets?.size == sample.image.size)
        }
    }

    @Test("Images without objects end in an error that names one")
    func givesUp() throws {
        let folder = try DataFolder()
        let paths = try folder.addPair("empty") { LabelImage(size: $0.size) }
        var options = SamplingOptions()
        options.patchSize = Size(width: 64, height: 64)
        let source = try LabeledImages(
            [AnnotatedImage(image: paths.image, labels: paths.labels)],
            options
        )
        #expect(
            throws: TrainingDataError.noObjects(file: paths.labels, attempts: 500, minimumSize: 25)
        ) { try source.sample(epoch: 0, index: 0, seed: 0) }
    }

    @Test("A crop of the model's frame shows objects in the size they have there")
    func frameCrops() throws {
        let folder = try DataFolder()
        let source = try Self.source(folder, count: 1) {
            $0.framing = .frame
            $0.cropSide = 256
            $0.augmentation = .none
        }
        let sample = try source.sample(epoch: 0, index: 0, seed: 4)
        #expect(sample.image.size == Size(width: 256, height: 256))
        // 150 pixels become 1024, so areas grow by about 46.
        let areas = try sample.instances.measurements().map(\.area)
        #expect((areas.max() ?? 0) > 5000)
    }

    @Test("Small objects are enlarged to the diameter that is asked for, large ones are left")
    func enlargedCrops() throws {
        let folder = try DataFolder()
        // Squares of 9 pixels, 30.7 in the frame.
        let paths = try folder.addPair("squares", width: 300, height: 300) { labels in
            var labels = labels
            for pixel in labels.labels.indices {
                let (y, x) = pixel.quotientAndRemainder(dividingBy: 300)
                let isInside = x % 25 < 9 && y % 25 < 9
                labels.labels[pixel] = isInside ? UInt32(1 + x / 25 + 12 * (y / 25)) : 0
            }
            return labels
        }
        func diameter(_ suited: Double?, decoder: Double? = nil, index: Int = 0) throws -> Double? {
            var options = SamplingOptions()
            options.framing = .frame
            options.augmentation = .none
            options.objectDiameter = suited
            options.decoderDiameter = decoder
            let pair = AnnotatedImage(image: paths.image, labels: paths.labels)
            let source = try LabeledImages([pair], options)
            return try source.sample(epoch: index, index: 0, seed: 4).instances.typicalWidths()?
                .diameter
        }
        #expect(try abs((diameter(nil) ?? 0) - 30) < 2)
        #expect(try abs((diameter(60) ?? 0) - 60) < 3)
        #expect(try abs((diameter(20) ?? 0) - 30) < 2)
        #expect(throws: TrainingDataError.self) { try diameter(4) }
        // With another diameter for the decoder, both occur.
        let both = try (0..<12).compactMap { try diameter(60, decoder: 40, index: $0) }
        #expect(both.allSatisfy { abs($0 - 60) < 3 || abs($0 - 40) < 3 })
        #expect(both.contains { $0 < 50 } && both.contains { $0 > 50 })
        #expect(throws: TrainingDataError.self) { try diameter(nil, decoder: 40) }
    }

    @Test("Objects of each sample are shown in a width that is drawn")
    func drawnWidths() throws {
        let folder = try DataFolder()
        // Squares of 12 pixels, 40 in the frame.
        let paths = try folder.addPair("squares", width: 300, height: 300) { labels in
            var labels = labels
            for pixel in labels.labels.indices {
                let (y, x) = pixel.quotientAndRemainder(dividingBy: 300)
                let isInside = x % 30 < 12 && y % 30 < 12
                labels.labels[pixel] = isInside ? UInt32(1 + x / 30 + 10 * (y / 30)) : 0
            }
            return labels
        }
        func widths(_ range: [Double], suited: Double? = nil) throws -> [Double] {
            var options = SamplingOptions()
            options.framing = .frame
            options.augmentation = .none
            options.objectDiameters = range
            options.objectDiameter = suited
            let pair = AnnotatedImage(image: paths.image, labels: paths.labels)
            let source = try LabeledImages([pair], options)
            return try (0..<12).compactMap {
                try source.sample(epoch: 0, index: $0, seed: 4).instances.typicalWidths()?.diameter
            }
        }
        let found = try widths([25, 80])
        #expect(found.count == 12 && found.allSatisfy { (23...84).contains($0) })
        #expect((found.min() ?? 0) < 35 && (found.max() ?? 0) > 55)
        // Crops cut objects at their edge, so a sample misses the width by a little.
        #expect(try widths([50, 50]).allSatisfy { abs($0 - 50) < 8 })
        for range in [[4.0, 80], [80, 25], [50]] {
            #expect(throws: TrainingDataError.self) { try widths(range) }
        }
        #expect(throws: TrainingDataError.self) { try widths([25, 80], suited: 64) }
    }

    @Test("Every orientation keeps image and labels together")
    func orientations() throws {
        let folder = try DataFolder()
        let source = try Self.source(folder, count: 1) {
            $0.framing = .whole
            $0.augmentation.quarterTurns = true
            $0.hasTargets = false
        }
        var sizes: Set<Size> = []
        for index in 0..<8 {
            let sample = try source.sample(epoch: 0, index: index, seed: 1)
            sizes.insert(sample.image.size)
            // Nuclei are brighter than what lies between them.
            let means = try sample.instances.measurements(of: .float32(sample.image))
                .map { $0.meanIntensities[0] }
            let mean = sample.image.samples.reduce(0, +) / Float(sample.image.samples.count)
            #expect(Double(mean) < means.reduce(0, +) / Double(means.count))
        }
        #expect(sizes == [Size(width: 150, height: 131), Size(width: 131, height: 150)])
    }

    @Test("Data sets are drawn by their weights")
    func mixes() throws {
        let folder = try DataFolder()
        var sampling = SamplingOptions()
        sampling.patchSize = Size(width: 64, height: 64)
        let real = try LabeledImages(
            [AnnotatedImage(image: folder.addPair("a").image, labels: folder.path("labels/a.tif"))],
            sampling
        )
        sampling.patchSize = Size(width: 80, height: 72)
        let simulated = try SimulatedNuclei(sampling: sampling)
        let mixed = try MixedSource(
            [.init(source: real, weight: 3), .init(source: simulated, weight: 1)],
            samplesPerEpoch: 60
        )
        let widths = try (0..<60).map {
            try mixed.sample(epoch: 1, index: $0, seed: 2).image.size.width
        }
        #expect((6...24).contains(widths.count { $0 == 80 }))
    }

    @Test("Crowded nuclei at the border are simulated, too")
    func crowded() throws {
        for seed in 1...4 as ClosedRange<UInt64> {
            var simulator = NucleiSimulator(size: Size(width: 97, height: 61), seed: seed)
            simulator.clustering = 1
            simulator.coverage = 0.5
            #expect(try simulator.simulate().labels.objectLabels().count > 3)
        }
    }

    @Test("Stacks give planes of all depths, containers their data sets")
    func stacks() throws {
        let folder = try DataFolder()
        let image = folder.url.appendingPathComponent("stack.tif")
        var planes: [LabelImage] = []
        for z in 0..<3 {
            let path = try folder.addPair("z\(z)", seed: UInt64(z + 1))
            planes.append(try ImageSource(opening: URL(filePath: path.labels)).readLabels())
        }
        // The label stack serves as image too: its values are the labels.
        var writer = try TIFFWriter(
            creating: image,
            axes: ImageAxes(z: 3, y: 131, x: 150),
            sampleType: .uint16
        )
        for plane in planes {
            try writer.append(
                .uint16(Raster(size: plane.size, samples: plane.labels.map { UInt16($0) }))
            )
        }
        try writer.finish()
        let pair = AnnotatedImage(image: image.path, labels: image.path)
        var options = SamplingOptions()
        options.framing = .whole
        options.augmentation = .none
        options.intensities = .unchanged
        let source = try LabeledImages([pair], options)
        let found = try Set(
            (0..<20).map { try source.sample(epoch: 0, index: $0, seed: 0).instances }
        )
        let expected = try Set(planes.map { try ObjectDistances(of: $0).objects })
        #expect(found == expected)
    }
}
