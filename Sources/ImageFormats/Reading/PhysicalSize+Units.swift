/// Micrometres in units of length that files name, as ``normalizedUnit(_:)`` writes them.
private let micrometres: [String: Double] = [
    "pm": 1e-6, "\u{C5}": 1e-4, "nm": 1e-3, "\u{B5}m": 1, "mm": 1e3, "cm": 1e4, "m": 1e6,
    "inch": 25400,
]

extension PhysicalSize {
    /// Sets the length of a pixel along `x`, `y` or `z`, which each may have a unit of their own.
    ///
    /// Lengths in nanometres and micrometres stay as they are. Those in other units become micrometres,
    /// and so do all where a file mixes units. What is in no unit of length, such as pixels, is not set;
    /// a unit that is not known here is kept if all lengths are in it.
    mutating func setLength(_ axis: String, _ length: Double?, unit name: String) {
        guard var length, length.isFinite, length > 0, var name = normalizedUnit(name) else {
            return
        }
        if name != "nm", let factor = micrometres[name] {
            (length, name) = (length * factor, "\u{B5}m")
        }
        if let unit, unit != name {
            guard let own = micrometres[unit], let other = micrometres[name] else { return }
            (x, y, z) = (x.map { $0 * own }, y.map { $0 * own }, z.map { $0 * own })
            (length, name) = (length * other, "\u{B5}m")
        }
        setLength(axis, length)
        unit = name
    }
}

/// The unit in one spelling, such as `µm`; nil for words that are no unit.
func normalizedUnit(_ name: some StringProtocol) -> String? {
    switch name.lowercased() {
    case "", "pixel", "pixels", "px", "none", "reference frame", "reference_frame": nil
    case "um", "\\u00b5m", "\u{B5}m", "\u{3BC}m", "micron", "microns", "micrometer", "micrometers",
        "micrometre", "micrometres", "\\u00b5", "\u{B5}":
        "\u{B5}m"
    case "nanometer", "nanometers", "nanometre", "nanometres": "nm"
    case "millimeter", "millimeters", "millimetre", "millimetres": "mm"
    case "centimeter", "centimeters", "centimetre", "centimetres": "cm"
    case "meter", "meters", "metre", "metres": "m"
    case "picometer", "picometers", "picometre", "picometres": "pm"
    case "in", "inches", "inch": "inch"
    case "angstrom", "angstroms", "\u{E5}": "\u{C5}"
    case "second", "seconds", "sec": "s"
    default: String(name)
    }
}
