import Imaging
import Zarr

/// Which dimension of an array is which axis of an image.
struct ArrayLayout: Hashable, Sendable {
    /// The name of each dimension: `t`, `c`, `z`, `y`, `x`, `s` (samples of a pixel), or `1` for a
    /// dimension of one element that is none of them.
    let names: [Character]

    /// The layout that named dimensions say, in any order; nil if they are no image.
    init?(names: [String], shape: [Int]) {
        let letters = zip(names, shape).map { name, side -> Character in
            Self.letter(name) ?? (side == 1 ? "1" : "?")
        }
        self.init(letters: letters, shape: shape)
    }

    /// Whether names of dimensions are names of axes, and no numbers or words of another kind.
    static func areAxes(_ names: [String]) -> Bool {
        let letters = names.map(letter)
        return letters.contains("y") && letters.contains("x")
    }

    /// The layout of an array whose dimensions have no names: `y x`, `z y x`, `c z y x`, `t c z y x`;
    /// a last dimension of 3 or 4 after larger ones holds the colours of a pixel, and one of 1 or 2 its
    /// channels, as ilastik and Keras write them: no plane is so narrow.
    init?(shape: [Int]) {
        let suffix: [Character] =
            Self.hasColours(shape) ? ["s"] : Self.hasChannels(shape) ? ["c"] : []
        let rest = shape.dropLast(suffix.count)
        let order: [Character] =
            suffix == ["c"] ? ["t", "z", "y", "x"] : ["t", "c", "z", "y", "x"]
        guard rest.count >= 2 else { return nil }
        let extra = max(0, rest.count - order.count)
        guard rest.prefix(extra).allSatisfy({ $0 == 1 }) else { return nil }
        let letters =
            Array(repeating: Character("1"), count: extra)
            + order.suffix(rest.count - extra) + suffix
        self.init(letters: letters, shape: shape)
    }

    /// The layout of an array of MATLAB, which stores rows, columns, and then slices or colours, the
    /// first of them fastest; nil for more dimensions, which have no usual order there.
    init?(columnMajor shape: [Int]) {
        let order: [Character] =
            switch shape.count {
            case 2: ["y", "x"]
            case 3: ["y", "x", Self.hasColours(shape.reversed()) ? "s" : "z"]
            default: []
            }
        self.init(letters: order.reversed(), shape: shape)
    }

    /// - Parameter letters: The name of each dimension, as ``names`` has them.
    init?(letters: [Character], shape: [Int]) {
        let named = letters.filter { $0 != "1" }
        guard letters.count == shape.count, !letters.contains("?"), Set(named).count == named.count,
            letters.contains("y"), letters.contains("x"), shape.allSatisfy({ $0 > 0 })
        else { return nil }
        if let samples = letters.firstIndex(of: "s"), !(1...4).contains(shape[samples]) {
            return nil
        }
        names = letters
    }

    /// The letter of a name that a program gives to an axis; nil for other words.
    static func letter(_ name: String) -> Character? {
        let words: [String: Character] = [
            "time": "t", "frame": "t", "channel": "c", "depth": "z", "slice": "z", "row": "y",
            "height": "y", "column": "x", "width": "x",
        ]
        let name = name.lowercased()
        guard name.count == 1, let letter = name.first else { return words[name] }
        return "tczyxs".contains(letter) ? letter : nil
    }

    private static func hasColours(_ shape: [Int]) -> Bool {
        guard let last = shape.last, shape.count >= 3 else { return false }
        return (last == 3 || last == 4) && shape.dropLast().suffix(2).allSatisfy { $0 > 4 }
    }

    private static func hasChannels(_ shape: [Int]) -> Bool {
        guard let last = shape.last, shape.count >= 3 else { return false }
        return last <= 2 && shape.dropLast().suffix(2).allSatisfy { $0 >= 8 }
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

// MARK: - The order of a plane

extension ArrayLayout {
    /// Whether a block of a plane has rows of pixels, as a raster has.
    var isInRasterOrder: Bool {
        let order = names.filter { "yxs".contains($0) }
        return order == ["y", "x"] || order == ["y", "x", "s"]
    }

    /// Writes the samples of a block of a plane in the order of a raster.
    ///
    /// Relies on: source and target hold all samples of the block, `size` bytes each.
    func reorder(
        _ source: UnsafeRawBufferPointer,
        of block: [Int],
        size: Int,
        into target: UnsafeMutableRawBufferPointer
    ) {
        // Safe because `copySamples` reads and writes each sample of the block once.
        switch size {
        case 1: copySamples(UInt8.self, source, block, target)
        case 2: copySamples(UInt16.self, source, block, target)
        case 4: copySamples(UInt32.self, source, block, target)
        default: copySamples(UInt64.self, source, block, target)
        }
    }

    private func copySamples<Sample: BitwiseCopyable>(
        _ type: Sample.Type,
        _ source: UnsafeRawBufferPointer,
        _ block: [Int],
        _ target: UnsafeMutableRawBufferPointer
    ) {
        // Safe because every index lies within its side of the block, whose samples both hold.
        let size = MemoryLayout<Sample>.size
        func step(_ name: Character) -> Int {
            guard let axis = names.firstIndex(of: name) else { return 0 }
            return block[(axis + 1)...].reduce(size, *)
        }
        let (rowStep, columnStep, sampleStep) = (step("y"), step("x"), step("s"))
        let samples = channels(of: block)
        var written = 0
        for row in 0..<side("y", block) {
            for column in 0..<side("x", block) {
                for sample in 0..<samples {
                    let place = row * rowStep + column * columnStep + sample * sampleStep
                    let value = source.loadUnaligned(fromByteOffset: place, as: type)
                    target.storeBytes(of: value, toByteOffset: written, as: type)
                    written += size
                }
            }
        }
    }
}
