extension PhysicalSize {
    /// The size of a voxel with its unit in ASCII (`um`); nil if a side or the unit is not known.
    ///
    /// The micro sign would be read wrongly by programs that do not expect UTF-8.
    package var voxel: (z: Double, y: Double, x: Double, unit: String)? {
        guard let z, let y, let x, let unit else { return nil }
        return (z, y, x, unit == "\u{B5}m" ? "um" : unit)
    }
}
