import Imaging
import Testing
import Volumes

@Suite("Measurements of volumes")
struct VolumeMeasurementsTests {
    private func measured(_ slices: [[UInt32]], width: Int, _ intensities: [[UInt8]]) throws
        -> [VolumeMeasurements.Object]
    {
        var measurements = VolumeMeasurements()
        for (slice, values) in zip(slices, intensities) {
            let size = Size(width: width, height: slice.count / width)
            let labels = try LabelImage(size: size, labels: slice)
            let raster = AnyRaster.uint8(try Raster(size: size, samples: values))
            measurements.add(labels, try labels.measurements(of: raster))
        }
        return measurements.finish()
    }

    @Test("A box of 2 x 3 x 4 voxels has 52 faces, wherever it lies", arguments: [0, 1])
    func box(_ offset: Int) throws {
        var slices = [[UInt32]](repeating: [UInt32](repeating: 0, count: 36), count: 4)
        for z in 0..<2 {
            for y in 0..<3 {
                for x in 0..<4 { slices[z + offset][(y + offset) * 6 + x + offset] = 7 }
            }
        }
        let values = [[UInt8]](repeating: [UInt8](repeating: 9, count: 36), count: 4)
        let object = try #require(try measured(slices, width: 6, values).first)
        #expect(object.label == 7 && object.voxels == 24)
        #expect(object.faces == (24, 16, 12))
        #expect(object.centroid == (0.5 + Double(offset), 1 + Double(offset), 1.5 + Double(offset)))
        #expect(object.slices == offset...offset + 1)
        #expect(object.box == Region(x: offset, y: offset, width: 4, height: 3))
        #expect(object.meanIntensities == [9])
    }

    @Test("Objects that touch share a face, and a volume can be full")
    func touching() throws {
        let objects = try measured([[1, 2], [1, 2]], width: 2, [[10, 0], [20, 0]])
        #expect(objects.map(\.voxels) == [2, 2])
        #expect(objects.allSatisfy { $0.faces == (2, 4, 4) })
        #expect(objects[0].meanIntensities == [15])
    }
}
