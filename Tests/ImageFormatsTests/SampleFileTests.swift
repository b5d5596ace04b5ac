import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("Sample files")
struct SampleFileTests {
    @Test(
        "A sample file gives the axes, type and pixels of its manifest",
        arguments: FormatSample.all(endingIn: [".tif", ".png", ".jpg", ".zarr", ".n5", ".h5"])
    )
    func matchesManifest(sample: FormatSample) throws {
        let options = ImageSource.Options(colorConversion: .asStored, dataset: sample.dataset)
        let source = try ImageSource(opening: sample.url, options: options)
        let found = source.description
        #expect(found.axes == axes(of: sample))
        #expect(found.sampleType.rawValue == storedType(sample.dtype))
        let (bytes, mean) = try pixels(of: source, axes: sample.axes, dtype: sample.dtype)
        if let sha256 = sample.sha256 { #expect(SHA256.hex(bytes) == sha256) }
        if let expected = sample.mean {
            let tolerance = sample.lossless == false ? 1.5 : max(1e-4, abs(expected) * 1e-6)
            #expect(abs(mean - expected) <= tolerance, "mean \(mean), expected \(expected)")
        }
        if case .counted(let count) = sample.levels { #expect(found.levels.count == count) }
        guard case .listed(let levels) = sample.levels else { return }
        #expect(found.levels.count == levels.count)
        for (level, expected) in levels.enumerated() {
            let (bytes, _) = try pixels(
                of: source,
                axes: sample.axes,
                dtype: sample.dtype,
                level: level
            )
            if let sha256 = expected.sha256 { #expect(SHA256.hex(bytes) == sha256) }
        }
    }

    @Test(
        "A region equals the same part of the whole plane",
        arguments: FormatSample.all(endingIn: [".tif", ".png", ".jpg", ".zarr", ".n5", ".h5"])
    )
    func regionEqualsCrop(sample: FormatSample) throws {
        let options = ImageSource.Options(dataset: sample.dataset)
        let source = try ImageSource(opening: sample.url, options: options)
        let axes = source.description.axes
        let plane = PlaneIndex(t: axes.t - 1, c: axes.c - 1, z: axes.z - 1)
        let whole = try source.read(plane).floats()
        let region = Region(
            x: axes.x / 3,
            y: axes.y / 4,
            width: axes.x / 2 + 1,
            height: axes.y / 2 + 1
        )
        let part = try source.read(plane, region: region).floats()
        #expect(part == (try whole.cropped(to: region)))
    }

    private func axes(of sample: FormatSample) -> ImageAxes {
        var axes = ImageAxes(y: 1, x: 1)
        for (axis, size) in zip(sample.axes, sample.shape) {
            switch axis {
            case "T": axes.t = size
            case "C": axes.c = size
            case "Z": axes.z = size
            case "Y": axes.y = size
            case "X": axes.x = size
            default: break
            }
        }
        return axes
    }

    private func storedType(_ dtype: String) -> String {
        switch dtype {
        case "bool": "uint8"
        case "float16": "float32"
        default: dtype
        }
    }
}
