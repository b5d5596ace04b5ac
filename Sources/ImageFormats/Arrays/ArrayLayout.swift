import Imaging
import Zarr

/// Which dimension of an array is which axis of an image.
struct ArrayLayout: Hashable, Sendable {
    /// The name of each dimension: `t`, `c`, `z`, `y`, `x`, `s` (samples of a pixel), or `1` for a
    /// dimension of one element that is none of them.
    let names: [Character]

    /// The layout that named dimensions say; nil if they are no image.
    init?(names: [String], shape: [Int]) {
        let words: [String: Character] = ["time": "t", "channel": "c"]
        let letters = zip(names, shape).map { name, side -> Character in
            let name = name.lowercased()
            if name.count == 1, let letter = name.first, "tczyxs".contains(letter) { return letter }
            return words[name] ?? (side == 1 ? "1" : "?")
        }
        self.init(letters: letters, shape: shape)
    }

    /// The layout of an array whose dimensions have no names: `y x`, `z y x`, `c z y x`, `t c z y x`;
    /// a last dimension of 3 or 4 after larger ones holds the colours of a pixel.
    init?(shape: [Int]) {
        var rest = shape
        var suffix: [Character] = []
        if let last = shape.last, shape.count >= 3, last == 3 || last == 4,
            shape.dropLast().suffix(2).allSatisfy({ $0 > 4 })
        {
            rest.removeLast()
            suffix = ["s"]
        }
        let order: [Character] = ["t", "c", "z", "y", "x"]
        guard rest.count >= 2 else { return nil }
        let extra = max(0, rest.count - order.count)
        guard rest.prefix(extra).allSatisfy({ $0 == 1 }) else { return nil }
        let letters =
            Array(repeating: Character("1"), count: extra)
            + order.suffix(rest.count - extra) + suffix
        self.init(letters: letters, shape: shape)
    }

    private init?(letters: [Character], shape: [Int]) {
        let named = letters.filter { $0 != "1" }
        guard letters.count == shape.count, !letters.contains("?"), Set(named).count == named.count,
            let y = letters.firstIndex(of: "y"), let x = letters.firstIndex(of: "x"), y < x,
            // Rows must not be cut by other axes than the samples of a pixel, which come last.
            letters[(x + 1)...].allSatisfy({ $0 == "s" || $0 == "1" }),
            !letters.contains("s") || letters.last == "s",
            shape.allSatisfy({ $0 > 0 })
        else { return nil }
        if let samples = letters.firstIndex(of: "s"), !(1...4).contains(shape[samples]) {
            return nil
        }
        names = letters
    }

    /// The extents of the axes.
    func axes(of shape: [Int]) -> ImageAxes {
        ImageAxes(
            t: side("t", shape),
            c: side("c", shape),
            z: side("z", shape),
            y: side("y", shape),
            x: side("x", shape)
        )
    }

    /// Samples of one pixel.
    func channels(of shape: [Int]) -> Int { side("s", shape) }

    /// The size of a plane.
    func planeSize(of shape: [Int]) -> Size {
        Size(width: side("x", shape), height: side("y", shape))
    }

    /// The block of the array that is a region of a plane.
    func region(_ plane: PlaneIndex, _ region: Region, channels: Int) -> ZarrRegion {
        let parts = names.map { name -> (Int, Int) in
            switch name {
            case "t": (plane.t, 1)
            case "c": (plane.c, 1)
            case "z": (plane.z, 1)
            case "y": (region.y, region.height)
            case "x": (region.x, region.width)
            case "s": (0, channels)
            default: (0, 1)
            }
        }
        return ZarrRegion(start: parts.map(\.0), shape: parts.map(\.1))
    }

    private func side(_ name: Character, _ shape: [Int]) -> Int {
        names.firstIndex(of: name).map { shape[$0] } ?? 1
    }
}
