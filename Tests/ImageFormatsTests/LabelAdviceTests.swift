import Foundation
import ImageFormats
import Imaging
import Testing

@Suite("Labels that are none")
struct LabelAdviceTests {
    private func problem(_ raster: AnyRaster) throws -> String {
        let folder = try TemporaryFolder()
        let size = raster.size
        var writer = try TIFFWriter(
            creating: folder.file("a.tif"),
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: raster.sampleType,
            options: .init()
        )
        try writer.append(raster)
        try writer.finish()
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.file("a.tif")).readLabels()
        }
        return error?.description ?? ""
    }

    @Test("Each kind of wrong value gets advice that fits")
    func advice() throws {
        let size = Size(width: 3, height: 1)
        func floats(_ values: [Float]) throws -> AnyRaster {
            .float32(try Raster(size: size, samples: values))
        }
        let cases: [(AnyRaster, String)] = [
            (.int16(try Raster(size: size, samples: [-1, 0, 5])), "add 1 to all values"),
            (.int32(try Raster(size: size, samples: [-7, 0, 5])), "holds -7"),
            (try floats([-1, 0, 3]), "add 1"), (try floats([0, 1, 5e9]), "holds 5000000000"),
            (try floats([0, 0.5, 1]), "holds 0.5"), (try floats([0, .nan, 1]), "probability"),
        ]
        for (raster, mention) in cases {
            let text = try problem(raster)
            #expect(text.contains(mention), "\(text)")
        }
    }
}
