import TorchNN

/// Channels of an instance decoder at each resolution.
///
/// They are read from the shapes of the parameters, so that a decoder may be narrower than the reference's.
struct DecoderWidths: Sendable {
    /// From 128 x 128 to 1024 x 1024.
    let all: [Int]

    /// Those of the reference.
    private static let reference = [512, 256, 128, 64]

    /// The widths of a decoder.
    ///
    /// - Throws: `ParameterError/unreadable(_:reason:)` for widths that the kernels do not take, or that grow with the
    ///   resolution.
    init(of scope: ParameterScope) throws(ParameterError) {
        var widths: [Int] = []
        for (index, reference) in Self.reference.enumerated() {
            let block = scope["deconv\(index + 1)"]["block"][1]["block"]
            let width = block.shape(of: "weight")?.first ?? reference
            guard width > 0, width.isMultiple(of: 16), width <= widths.last ?? width else {
                throw .unreadable(
                    block.path,
                    reason:
                        "a decoder of \(width) channels at a resolution; expected a multiple of 16, and no more "
                        + "than at the resolution before"
                )
            }
            widths.append(width)
        }
        all = widths
    }

    /// Channels of the features that a detail path is added to, from 512 x 512 to 128 x 128.
    var joined: [Int] { all.dropFirst().reversed() }
}
