import Foundation
import ImageFormats
import ImageSamples
import Imaging
import Prompting
import Testing

/// Stacks of MetaMorph, with the tags UIC1 to UIC3.
@Suite("MetaMorph STK")
struct MetaMorphTests {
    /// Marks places in the file until these are known.
    private static let mark: UInt32 = 0x5EED_0000

    /// A stack of planes of 4 x 4 pixels of 16 bits, of which plane n counts up from 100 n.
    private func file(
        _ planes: Int,
        strips: Int = 1,
        isBigEndian: Bool = false,
        distance: UInt32 = 0,
        calibration: (x: (UInt32, UInt32), y: (UInt32, UInt32), unit: String)? = nil,
        isCalibrated: Bool = true
    ) -> [UInt8] {
        func number(_ value: UInt32, _ count: Int = 4) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
            return isBigEndian ? bytes.reversed() : bytes
        }
        let samples = (0..<planes).flatMap { plane in (0..<16).map { UInt32(100 * plane + $0) } }
        var page = TIFFBuilder.Page(
            width: 4,
            height: 4,
            bits: 16,
            strips: [samples.flatMap { number($0, 2) }]
        )
        let rows = 4 / strips
        page.tags[278] = .long([UInt32(rows)])
        page.tags[273] = .long((0..<strips).map { UInt32(8 + $0 * rows * 8) })
        page.tags[279] = .long(Array(repeating: UInt32(rows * 8), count: strips))
        let times = (0..<planes).flatMap { plane -> [UInt32] in
            [distance, 4, 2_450_000, UInt32(1000 * plane), 2_450_000, 0]
        }
        page.tags[33629] = .planes(planes, times)
        page.tags[33630] = .planes(planes, Array(repeating: 1, count: 2 * planes))
        page.tags[33628] = .long([1])
        guard let calibration else {
            return TIFFBuilder(isBigEndian: isBigEndian).file([page])
        }
        // Pairs of a key and a value, or the place of one, which lies in a tag of its own here.
        let keys: [UInt32] = [
            4, isCalibrated ? 1 : 0, 5, Self.mark + 5, 6, Self.mark + 6, 7, Self.mark + 7,
        ]
        page.tags[33628] = .pairs(4, keys)
        let head = number(Self.mark)
        var values = head + number(calibration.x.0) + number(calibration.x.1)
        values += number(calibration.y.0) + number(calibration.y.1)
        values += number(UInt32(calibration.unit.utf8.count)) + Array(calibration.unit.utf8)
        page.tags[65000] = .bytes(values)
        var bytes = TIFFBuilder(isBigEndian: isBigEndian).file([page])
        func place(_ sought: [UInt8]) -> Int {
            bytes.indices.first { bytes[$0...].starts(with: sought) } ?? 0
        }
        let start = place(head) + 4
        for (key, offset) in [(UInt32(5), 0), (6, 8), (7, 16)] {
            let found = place(number(Self.mark + key))
            bytes.replaceSubrange(found..<found + 4, with: number(UInt32(start + offset)))
        }
        return bytes
    }

    @Test(
        "The calibration gives the size of a pixel",
        arguments: [
            ((UInt32(1), UInt32(2)), (UInt32(1), UInt32(4)), "um", 0.5, 0.25),
            ((650, 10), (650, 10), "nm", 0.065, 0.065), ((3, 1), (2, 1), "microns", 3, 2),
        ],
        [false, true]
    )
    func calibration(
        given: ((UInt32, UInt32), (UInt32, UInt32), String, Double, Double),
        isBigEndian: Bool
    ) throws {
        let (x, y, unit, width, height) = given
        let bytes = file(
            3,
            isBigEndian: isBigEndian,
            distance: 6,
            calibration: (x, y, unit)
        )
        let source = try open(bytes)
        #expect(source.description.format == "MetaMorph STK")
        #expect(source.description.axes == ImageAxes(z: 3, y: 4, x: 4))
        let size = try #require(PixelSize(source.description.physicalSize))
        #expect(abs(size.x - width) < 1e-9 && abs(size.y - height) < 1e-9)
        // The distance of slices is in the same unit.
        #expect(abs((size.z ?? 0) - 1.5 * (unit == "nm" ? 1e-3 : 1)) < 1e-9)
    }

    @Test("What nobody calibrated, or in no length, has no size")
    func uncalibrated() throws {
        let sizes: [PhysicalSize] = try [
            open(file(2)).description.physicalSize,
            open(file(2, calibration: ((1, 2), (1, 2), "um"), isCalibrated: false)).description
                .physicalSize,
            open(file(2, calibration: ((1, 0), (1, 2), "um"))).description.physicalSize,
        ]
        #expect(sizes.allSatisfy { $0.x == nil && $0.y == nil })
    }

    @Test("Planes may lie in several strips", arguments: [1, 2, 4], [false, true])
    func strips(strips: Int, isBigEndian: Bool) throws {
        let source = try open(file(3, strips: strips, isBigEndian: isBigEndian))
        #expect(source.description.axes == ImageAxes(t: 3, y: 4, x: 4))
        for t in 0..<3 {
            let plane = try source.read(PlaneIndex(t: t)).floats().samples
            #expect(plane == (0..<16).map { Float(100 * t + $0) })
        }
    }
}
