extension ImagingError {
    /// Throws if a parameter of a simulation, `name`, is outside of what makes sense.
    static func check(
        _ name: String,
        _ value: Double,
        in range: ClosedRange<Double>
    ) throws(ImagingError) {
        guard range.contains(value) else {
            throw .invalidParameter(
                name,
                reason: "must be in \(range.lowerBound)...\(range.upperBound), but is \(value)"
            )
        }
    }
}
