import Foundation
import Imaging
import TestFixtures
import Testing

@Suite("Transforms of labels and images for training")
struct TrainingTransformTests {
    private static func fixture() throws -> SafeTensors {
        let folder = try #require(Bundle.module.resourceURL?.appendingPathComponent("Fixtures"))
        return try SafeTensors(
            contentsOf: folder.appendingPathComponent("object_distances.safetensors")
        )
    }

    @Test(
        "Distances of every object equal torch_em's, number by number",
        arguments: ["shapes", "crowded", "sparse", "empty"]
    )
    func distancesEqualReference(name: String) throws {
        let fixture = try Self.fixture()
        let shape = try fixture.shape("\(name).labels")
        let size = Size(width: shape[1], height: shape[0])
        let labels = try LabelImage(
            size: size,
            labels: fixture.values("\(name).labels").map { UInt32($0) }
        )
        let distances = try ObjectDistances(of: labels, minimumSize: 25)
        #expect(
            distances.objects.labels == (try fixture.values("\(name).objects").map { UInt32($0) })
        )
        #expect(distances.planes == (try fixture.values("\(name).distances").map { Float($0) }))
    }

    @Test("An object that covers the image has a centre and no boundary")
    func coveringObject() throws {
        let labels = try LabelImage(
            size: Size(width: 7, height: 5),
            labels: Array(repeating: 3, count: 35)
        )
        let distances = try ObjectDistances(of: labels)
        #expect(distances.boundaryDistances.samples.allSatisfy { $0 == 0 })
        #expect(distances.centerDistances[x: 3, y: 2] == 0)
        #expect(distances.centerDistances[x: 0, y: 0] == 1)
    }

    @Test("A window of a resized image equals the same part of the whole resized image")
    func windowEqualsWhole() throws {
        let original = Size(width: 41, height: 29)
        var image = Raster<Float>(repeating: 0, size: original, channels: 2)
        for index in image.samples.indices { image.samples[index] = Float((index * 37) % 101) }
        let labels = try LabelImage(
            size: original,
            labels: (0..<original.count).map { UInt32(($0 * 7) % 13) }
        )
        for resized in [Size(width: 67, height: 31), Size(width: 13, height: 20), original] {
            let whole = try ResampledWindow(
                of: original,
                resizedTo: resized,
                window: Region(resized)
            )
            let part = Region(x: 3, y: 5, width: 9, height: 11)
            let window = try ResampledWindow(of: original, resizedTo: resized, window: part)
            let found = try window.image(from: image.cropped(to: window.source))
            let expected = try whole.image(from: image).cropped(to: part)
            #expect(found == expected)
            let foundLabels = try window.labels(from: labels.cropped(to: window.source))
            #expect(foundLabels == (try whole.labels(from: labels).cropped(to: part)))
        }
    }

    @Test("Resampling keeps a constant image constant and halves by averaging")
    func averages() throws {
        let image = try Raster<Float>(
            size: Size(width: 4, height: 2),
            samples: [1, 3, 5, 7, 3, 5, 7, 9]
        )
        let halved = try ResampledWindow(
            of: image.size,
            resizedTo: Size(width: 2, height: 1),
            window: Region(x: 0, y: 0, width: 2, height: 1)
        ).image(from: image)
        // Triangles of radius 2 around 1 and 3: weights 3/7, 3/7, 1/7 of the columns.
        #expect(
            zip(halved.samples, [Float(24.0 / 7), Float(46.0 / 7)]).allSatisfy {
                abs($0 - $1) < 1e-5
            }
        )
    }

    @Test("A window outside of the image is refused")
    func refusesOutside() {
        let size = Size(width: 8, height: 6)
        #expect(throws: ImagingError.self) {
            try ResampledWindow(
                of: size,
                resizedTo: size,
                window: Region(x: 4, y: 0, width: 5, height: 2)
            )
        }
    }
}
