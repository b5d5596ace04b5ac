public import Torch

/// Parameter values computed from their names, for tests and benchmarks of models of any size.
///
/// Every value is a hash of the name and the element's index, scaled by the fan-in so that signals
/// keep their size through the network. The result is the same bit for bit on every machine.
public struct WeightFormula: ParameterSource {
    /// Names the source for messages.
    public let name = "weight formula"

    /// Every name with its shape.
    private let shapes: [String: [Int]]
    private let prefix: String

    /// Serves values for the given names and shapes; `prefix` is put before a name for the hash.
    public init(shapes: [String: [Int]], prefix: String = "") {
        self.shapes = shapes
        self.prefix = prefix
    }

    /// All names, sorted.
    public var parameterNames: [String] { shapes.keys.sorted() }

    /// The shape of one parameter.
    public func shape(of parameter: String) -> [Int]? { shapes[parameter] }

    /// The values of one parameter.
    public func values(of parameter: String) throws(ParameterError) -> Tensor {
        // Safe because all elements are written before they are said to be initialized.
        guard let shape = shapes[parameter] else { throw .missing(parameter, source: name) }
        let (base, scale) = Self.baseAndScale(parameter, shape)
        let seed = Self.hash(prefix + parameter)
        let count = shape.reduce(1, *)
        let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            for index in 0..<count {
                buffer[index] = base + scale * Self.unit(seed, UInt64(index))
            }
            initialized = count
        }
        do {
            return try Tensor(values, shape: shape)
        } catch {
            throw .tensor(parameter, error)
        }
    }

    /// FNV-1a, 64 bit.
    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(14_695_981_039_346_656_037) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }

    /// SplitMix64's output as a number in -1 ..< 1 with 24 bits.
    @inline(__always)
    private static func unit(_ seed: UInt64, _ index: UInt64) -> Float {
        var z = seed &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return Float(z >> 40) * 0x1p-23 - 1
    }

    private static func baseAndScale(_ name: String, _ shape: [Int]) -> (Float, Float) {
        if name.hasSuffix("num_batches_tracked") { return (0, 0) }
        if name.contains("gaussian_matrix") { return (0, 1) }
        if ["pos_embed", "rel_pos"].contains(where: name.contains) { return (0, 0.125) }
        if name.hasSuffix("running_mean") { return (0, 0.125) }
        if name.hasSuffix("running_var") { return (1, 0.125) }
        if shape.count <= 1 { return name.hasSuffix("weight") ? (1, 0.125) : (0, 0.0625) }
        let fanIn = shape.dropFirst().reduce(1, *)
        var exponent = 0
        while 3 << (2 * exponent) < fanIn { exponent += 1 }
        return (0, Float(sign: .plus, exponent: -exponent, significand: 1))
    }
}
