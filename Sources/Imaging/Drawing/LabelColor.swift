/// A colour with 8 bits per channel.
public struct RGBColor: Hashable, Codable, Sendable {
    /// Red.
    public var red: UInt8

    /// Green.
    public var green: UInt8

    /// Blue.
    public var blue: UInt8

    /// Creates a colour from its channels.
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// A bright, saturated colour for an object.
    ///
    /// The same label always has the same colour. Hues advance by the golden ratio, so that labels
    /// close to each other differ, and three levels of brightness and saturation take turns.
    public init(label: UInt32) {
        let hue = (Double(label) * 0.618033988749895).truncatingRemainder(dividingBy: 1) * 6
        let saturation = [0.95, 0.65, 0.8][Int(label % 3)]
        let value = [1, 1, 0.85][Int(label / 3 % 3)]
        func channel(_ shift: Double) -> UInt8 {
            let position = (hue + shift).truncatingRemainder(dividingBy: 6)
            let weight = min(max(min(position, 4 - position), 0), 1)
            return UInt8(255 * value * (1 - saturation * weight))
        }
        self.init(red: channel(5), green: channel(3), blue: channel(1))
    }
}
