import Foundation
import ImageFormats
import Imaging
import Prompting
import Testing

@Suite("Labels that are none")
struct LabelAdviceTests {
    private func problem(_ raster: AnyRaster) throws -> String {
        let folder = try TemporaryFolder()
        try write(raster, folder)
        let error = #expect(throws: ImageFormatError.self) {
            try ImageSource(opening: folder.file("a.tif")).readLabels()
        }
        return error?.description ?? ""
    }

    private func write(_ raster: AnyRaster, _ folder: TemporaryFolder) throws {
        let size = raster.size
        var writer = try TIFFWriter(
            creating: folder.file("a.tif"),
            axes: ImageAxes(y: size.height, x: size.width),
            sampleType: raster.sampleType,
            options: .init()
        )
        try writer.append(raster)
        try writer.finish()
    }

    /// What is said of labels that are read, row by row.
    private func said(_ type: SampleType, _ rows: [[UInt32]]) throws -> String? {
        let folder = try TemporaryFolder()
        let size = Size(width: rows[0].count, height: rows.count)
        let values = rows.flatMap { $0 }
        let raster: AnyRaster =
            switch type {
            case .uint8: .uint8(try Raster(size: size, samples: values.map { UInt8($0) }))
            case .uint16: .uint16(try Raster(size: size, samples: values.map { UInt16($0) }))
            default: .uint32(try Raster(size: size, samples: values))
            }
        try write(raster, folder)
        let file = try LabelFile(opening: folder.file("a.tif").path)
        return try file.note(on: file.read())?.description
    }

    @Test(
        "A background of -1 that was stored without a sign is noticed, and nothing else",
        arguments: [(SampleType.uint8, 255), (.uint16, 65_535), (.uint32, UInt32.max)]
            as [(SampleType, UInt32)]
    )
    func unsignedBackground(type: SampleType, value: UInt32) throws {
        let v = value
        let around = try said(type, [[v, v, v, v], [v, 1, 1, v], [v, 2, 2, v], [v, v, v, v]])
        #expect(around?.contains("the label \(value), the greatest value of its type") == true)
        let border = try said(
            type,
            [[v, v, v, v], [v, 1, 1, 3], [v, 2, 2, 3], [v, 2, 2, 3], [v, v, v, v]]
        )
        #expect(border?.contains("\(value)") == true)
        // An object of this number, in the middle, and a mask of 8 bits.
        #expect(try said(type, [[0, 0, 0, 0], [0, v, 1, 0], [0, 0, 0, 0]]) == nil)
        #expect(try said(type, [[v - 1, v - 1], [v - 1, 1]]) == nil)
        let mask = try said(type, [[v, v, v], [v, 0, v], [v, v, v]])
        #expect((mask == nil) == (type == .uint8))
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
            (.uint64(try Raster(size: size, samples: [.max, 0, 5])), "a background of -1"),
            (.uint64(try Raster(size: size, samples: [1 << 40, 0, 5])), "number the objects"),
            (try floats([-1, 0, 3]), "add 1"), (try floats([0, 1, 5e9]), "holds 5000000000"),
            (try floats([0, 0.5, 1]), "holds 0.5"), (try floats([0, .nan, 1]), "probability"),
        ]
        for (raster, mention) in cases {
            let text = try problem(raster)
            #expect(text.contains(mention), "\(text)")
        }
    }
}
