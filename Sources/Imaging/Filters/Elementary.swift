/// Elementary functions in double precision that give the same bits on every platform.
///
/// The standard library has none of them, and the C libraries of different systems differ in the
/// last bit. Errors are below 1e-15 relative to the result (sine, cosine: absolute) in the ranges
/// given.
package enum Elementary {
    private static let ln2High = 0.693147180369123816490
    private static let ln2Low = 1.90821492927058770002e-10

    /// e to the power of `x`, for finite `x`; 0 below -708.
    package static func exp(_ x: Double) -> Double {
        guard x > -708 else { return 0 }
        guard x < 709 else { return .infinity }
        let exponent = (x / 0.693147180559945309417).rounded()
        let rest = x - exponent * ln2High - exponent * ln2Low
        var sum = 1.0
        for step in stride(from: 18.0, through: 1, by: -1) { sum = 1 + sum * rest / step }
        return Double(sign: .plus, exponent: Int(exponent), significand: sum)
    }

    /// The natural logarithm of a positive finite `x`.
    package static func log(_ x: Double) -> Double {
        var significand = x.significand
        var exponent = Double(x.exponent)
        if significand > 1.4142135623730951 {
            significand /= 2
            exponent += 1
        }
        let ratio = (significand - 1) / (significand + 1)
        let square = ratio * ratio
        var sum = 0.0
        for odd in stride(from: 41.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
        return exponent * ln2High + (2 * ratio * sum + exponent * ln2Low)
    }

    /// Cosine and sine of an angle in radians of at most a few thousand.
    package static func cosineAndSine(_ angle: Double) -> (cosine: Double, sine: Double) {
        let quarter = Double.pi / 2
        let turns = (angle / quarter).rounded()
        let rest = angle - turns * quarter
        let square = rest * rest
        var cosine = 1.0
        var sine = 1.0
        for step in stride(from: 20.0, through: 2, by: -2) {
            cosine = 1 - cosine * square / (step * (step - 1))
            sine = 1 - sine * square / (step * (step + 1))
        }
        sine *= rest
        switch Int(turns) & 3 {
        case 0: return (cosine, sine)
        case 1: return (-sine, cosine)
        case 2: return (-cosine, -sine)
        default: return (sine, -cosine)
        }
    }
}
