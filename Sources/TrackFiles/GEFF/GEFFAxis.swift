import Files

/// An axis of a GEFF, and how its values become pixels.
struct GEFFAxis {
    let name: String
    let type: String?

    /// What a value is multiplied by to be in pixels.
    let factor: Double

    /// The unit of the values where nothing says how large a pixel is in it.
    let unknownUnit: String?

    /// - Parameter description: What the attributes say; an axis without a name is none.
    init?(_ description: JSONValue) {
        guard let name = description["name"]?.string else { return nil }
        (self.name, type) = (name, description["type"]?.string)
        let scale = description["scale"]?.number.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
        let scaled = description["scaled_unit"]?.string
        let unit = description["unit"]?.string
        switch (unit, scale, scaled) {
        case (let unit, _, _) where Self.isPixel(unit):
            // The scale leads away from pixels here, to the unit that it names.
            (factor, unknownUnit) = (1, nil)
        case (_, let scale?, let scaled?) where Self.isPixel(scaled):
            (factor, unknownUnit) = (scale, nil)
        case (_, let scale?, nil):
            // Without a unit that it leads to, it is the size of a pixel.
            (factor, unknownUnit) = (1 / scale, nil)
        default: (factor, unknownUnit) = (1, unit)
        }
    }

    private static func isPixel(_ unit: String?) -> Bool {
        guard let unit else { return true }
        return ["", "pixel", "pixels", "px", "voxel", "voxels"].contains(unit.lowercased())
    }
}
