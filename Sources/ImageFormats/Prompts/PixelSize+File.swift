public import Prompting

extension PixelSize {
    /// The size of a pixel that a file tells; nil if it tells none, or in a unit that is no length.
    public init?(_ size: PhysicalSize) {
        guard let x = size.x, let y = size.y, x > 0, y > 0,
            let unit = size.unit.flatMap(LengthUnit.init(named:))?.micrometres
        else { return nil }
        let z = size.z.flatMap { $0 > 0 && ($0 * unit).isFinite ? $0 * unit : nil }
        self.init(x: x * unit, y: y * unit, z: z)
    }
}
