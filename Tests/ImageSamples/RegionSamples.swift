/// Regions of ImageJ, made byte by byte.
public enum RegionSample {
    /// The binary form of a region; all numbers are big-endian.
    ///
    /// - Parameters:
    ///   - type: 0 polygon, 1 rectangle, 2 oval, 3 line, 5 segmented line, 7 freehand, 10 points.
    ///   - subtype: 1 text, 2 arrow, 3 ellipse, 4 image.
    ///   - box: Edges of the region, as numbers of 16 bits.
    ///   - points: Corners in columns and rows of the image.
    ///   - line: The four numbers of lines and turned ellipses.
    ///   - position: Channel, slice and frame of a hyperstack, from 1.
    public static func bytes(
        type: Int,
        subtype: Int = 0,
        box: (top: Int, left: Int, bottom: Int, right: Int),
        points: [(x: Int, y: Int)] = [],
        line: [Float] = [],
        ratio: Float = 0,
        slice: Int = 0,
        position: (c: Int, z: Int, t: Int) = (0, 0, 0),
        name: String = ""
    ) -> [UInt8] {
        var file = Array("Iout".utf8) + big(228, 2) + [UInt8(type), 0]
        for value in [box.top, box.left, box.bottom, box.right, points.count] {
            file += big(value, 2)
        }
        for value in line { file += big(Int(value.bitPattern), 4) }
        file += [UInt8](repeating: 0, count: 48 - file.count)
        file += big(subtype, 2) + big(0, 2) + big(Int(ratio.bitPattern), 4) + big(slice, 4)
        let second = 64 + 4 * points.count
        file += big(second, 4)
        for point in points { file += big(point.x - box.left, 2) }
        for point in points { file += big(point.y - box.top, 2) }
        let characters = Array(name.utf16)
        file += big(0, 4) + big(position.c, 4) + big(position.z, 4) + big(position.t, 4)
        file += big(second + 64, 4) + big(characters.count, 4)
        file += [UInt8](repeating: 0, count: 40)
        return file + characters.flatMap { big(Int($0), 2) }
    }

    private static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
}
