import CTorch

// MARK: - One operand

extension Tensor {
    /// The elements with the opposite sign.
    public func negated() throws(TensorError) -> Tensor {
        try Tensor("negated", [self]) { ms_neg(pointer, $0) }
    }

    /// Absolute values.
    public func absolute() throws(TensorError) -> Tensor {
        try Tensor("absolute", [self]) { ms_abs(pointer, $0) }
    }

    /// e to the power of each element.
    public func exponential() throws(TensorError) -> Tensor {
        try Tensor("exponential", [self]) { ms_exp(pointer, $0) }
    }

    /// Natural logarithms.
    public func logarithm() throws(TensorError) -> Tensor {
        try Tensor("logarithm", [self]) { ms_log(pointer, $0) }
    }

    /// Square roots.
    public func squareRoot() throws(TensorError) -> Tensor {
        try Tensor("squareRoot", [self]) { ms_sqrt(pointer, $0) }
    }

    /// One over the square root.
    public func reciprocalSquareRoot() throws(TensorError) -> Tensor {
        try Tensor("reciprocalSquareRoot", [self]) { ms_rsqrt(pointer, $0) }
    }

    /// Sines.
    public func sine() throws(TensorError) -> Tensor {
        try Tensor("sine", [self]) { ms_sin(pointer, $0) }
    }

    /// Cosines.
    public func cosine() throws(TensorError) -> Tensor {
        try Tensor("cosine", [self]) { ms_cos(pointer, $0) }
    }

    /// Hyperbolic tangents.
    public func hyperbolicTangent() throws(TensorError) -> Tensor {
        try Tensor("hyperbolicTangent", [self]) { ms_tanh(pointer, $0) }
    }

    /// 1 / (1 + exp(-x)).
    public func sigmoid() throws(TensorError) -> Tensor {
        try Tensor("sigmoid", [self]) { ms_sigmoid(pointer, $0) }
    }

    /// Negative elements become 0.
    public func relu() throws(TensorError) -> Tensor {
        try Tensor("relu", [self]) { ms_relu(pointer, $0) }
    }

    /// The Gaussian error linear unit in its exact form, with the error function.
    public func gelu() throws(TensorError) -> Tensor {
        try Tensor("gelu", [self]) { ms_gelu(pointer, $0) }
    }

    /// Nearest whole numbers, halves to even.
    public func rounded() throws(TensorError) -> Tensor {
        try Tensor("rounded", [self]) { ms_round(pointer, $0) }
    }

    /// Largest whole numbers not above.
    public func floored() throws(TensorError) -> Tensor {
        try Tensor("floored", [self]) { ms_floor(pointer, $0) }
    }

    /// Whether elements are neither infinite nor NaN, as bool.
    public func isFinite() throws(TensorError) -> Tensor {
        try Tensor("isFinite", [self]) { ms_isfinite(pointer, $0) }
    }

    /// Whether elements are zero, as bool.
    public func logicalNot() throws(TensorError) -> Tensor {
        try Tensor("logicalNot", [self]) { ms_logical_not(pointer, $0) }
    }
}

// MARK: - Two operands, broadcast

extension Tensor {
    /// Sums.
    public static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor("+", [a, b]) { ms_add(a.pointer, b.pointer, $0) }
    }

    /// Differences.
    public static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor("-", [a, b]) { ms_sub(a.pointer, b.pointer, $0) }
    }

    /// Products.
    public static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor("*", [a, b]) { ms_mul(a.pointer, b.pointer, $0) }
    }

    /// Quotients.
    public static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor("/", [a, b]) { ms_div(a.pointer, b.pointer, $0) }
    }

    /// Where the left is greater, as bool.
    public static func .> (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor(".>", [a, b]) { ms_greater(a.pointer, b.pointer, $0) }
    }

    /// Where the left is greater or equal, as bool.
    public static func .>= (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor(".>=", [a, b]) { ms_greater_equal(a.pointer, b.pointer, $0) }
    }

    /// Where both are equal, as bool.
    public static func .== (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
        try Tensor(".==", [a, b]) { ms_equal(a.pointer, b.pointer, $0) }
    }

    /// The greater of both elements.
    public func maximum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor("maximum", [self, other]) { ms_maximum(pointer, other.pointer, $0) }
    }

    /// The smaller of both elements.
    public func minimum(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor("minimum", [self, other]) { ms_minimum(pointer, other.pointer, $0) }
    }

    /// Whether both are not zero, as bool.
    public func logicalAnd(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor("logicalAnd", [self, other]) { ms_logical_and(pointer, other.pointer, $0) }
    }

    /// Whether either is not zero, as bool.
    public func logicalOr(_ other: Tensor) throws(TensorError) -> Tensor {
        try Tensor("logicalOr", [self, other]) { ms_logical_or(pointer, other.pointer, $0) }
    }
}

// MARK: - A tensor and a number

extension Tensor {
    /// Adds a number.
    public static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor("+", [a]) { ms_add_scalar(a.pointer, b, $0) }
    }

    /// Subtracts a number.
    public static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor("-", [a]) { ms_add_scalar(a.pointer, -b, $0) }
    }

    /// Multiplies by a number.
    public static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor("*", [a]) { ms_mul_scalar(a.pointer, b, $0) }
    }

    /// Divides by a number.
    public static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor("/", [a]) { ms_mul_scalar(a.pointer, 1 / b, $0) }
    }

    /// Where elements are greater than a number, as bool.
    public static func .> (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor(".>", [a]) { ms_greater_scalar(a.pointer, b, $0) }
    }

    /// Where elements are less than a number, as bool.
    public static func .< (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor(".<", [a]) { ms_less_scalar(a.pointer, b, $0) }
    }

    /// Where elements equal a number, as bool.
    public static func .== (a: Tensor, b: Double) throws(TensorError) -> Tensor {
        try Tensor(".==", [a]) { ms_equal_scalar(a.pointer, b, $0) }
    }

    /// Elements to the power of `exponent`.
    public func power(_ exponent: Double) throws(TensorError) -> Tensor {
        try Tensor("power", [self]) { ms_pow_scalar(pointer, exponent, $0) }
    }

    /// Elements limited to a range.
    public func clamped(_ range: ClosedRange<Double>) throws(TensorError) -> Tensor {
        try Tensor("clamped", [self]) {
            ms_clamp(pointer, range.lowerBound, range.upperBound, $0)
        }
    }

    /// `other` where `condition` holds, else `self`; all broadcast.
    public func replacing(
        with other: Tensor,
        where condition: Tensor
    ) throws(TensorError) -> Tensor {
        try Tensor("replacing", [self, other, condition]) {
            ms_where(condition.pointer, other.pointer, pointer, $0)
        }
    }
}

infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .== : ComparisonPrecedence

// MARK: - In place

extension Tensor {
    /// Adds `scale * other` to the elements themselves.
    ///
    /// Only for tensors that nobody else sees.
    package func addInPlace(_ other: Tensor, scale: Double = 1) throws(TensorError) {
        try check("addInPlace", [self, other], ms_add_in_place(pointer, other.pointer, scale))
    }

    /// Multiplies the elements themselves.
    ///
    /// Only for tensors that nobody else sees.
    package func multiplyInPlace(_ factor: Double) throws(TensorError) {
        try check("multiplyInPlace", [self], ms_mul_in_place(pointer, factor))
    }

    /// Applies ``relu()`` to the elements themselves.
    ///
    /// Only for tensors that nobody else sees.
    package func reluInPlace() throws(TensorError) {
        try check("reluInPlace", [self], ms_relu_in_place(pointer))
    }

    /// Applies ``gelu()`` to the elements themselves.
    ///
    /// Only for tensors that nobody else sees.
    package func geluInPlace() throws(TensorError) {
        try check("geluInPlace", [self], ms_gelu_in_place(pointer))
    }

    /// Applies ``sigmoid()`` to the elements themselves.
    ///
    /// Only for tensors that nobody else sees.
    package func sigmoidInPlace() throws(TensorError) {
        try check("sigmoidInPlace", [self], ms_sigmoid_in_place(pointer))
    }

    /// Overwrites the elements themselves, broadcast and converted.
    ///
    /// Only for tensors that nobody else sees, and for parameters.
    package func copyInPlace(_ source: Tensor) throws(TensorError) {
        try check("copyInPlace", [self, source], ms_tensor_copy_in_place(pointer, source.pointer))
    }
}
