public import Imaging

/// Whether images are divided into tiles.
public enum TilingChoice: Hashable, Sendable {
    /// Large ones are, in the standard way.
    case automatic
    /// None is: large ones are reduced to what the model takes.
    case never
    /// All are, in this way.
    case always(TilingOptions)
    /// Large ones, and those in which the model would see objects of this diameter, in pixels, too small.
    case objects(diameter: Double)

    /// How an image of this size is divided before anybody looks at it; nil if it is not.
    ///
    /// - Parameter suited: The diameter of objects that suits the model.
    public func tiling(
        of size: Size,
        suiting suited: ObjectDiameter = .standard
    ) -> TilingOptions? {
        switch self {
        case .automatic: TilingOptions.automatic(for: size)
        case .never: nil
        case .always(let options): options
        case .objects: enlarging(size, to: suited) ?? TilingOptions.automatic(for: size)
        }
    }

    /// Tiles that enlarge objects of the diameter that was given; nil if none was, or none are needed.
    public func enlarging(
        _ size: Size,
        to suited: ObjectDiameter = .standard
    ) -> TilingOptions? {
        guard case .objects(let diameter) = self else { return nil }
        return TilingOptions.enlarging(size, objectsOf: diameter, to: suited)
    }
}

extension TilingChoice: Codable {
    private enum Keys: String, CodingKey { case objectDiameter }

    /// The words `automatic` and `never`, the diameter of objects, or the tiles.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            self = word == "never" ? .never : .automatic
        } else if let diameter = try? decoder.container(keyedBy: Keys.self)
            .decode(Double.self, forKey: .objectDiameter)
        {
            self = .objects(diameter: diameter)
        } else {
            self = .always(try container.decode(TilingOptions.self))
        }
    }

    /// Writes the word, the diameter of objects, or the tiles.
    public func encode(to encoder: any Encoder) throws {
        if case .objects(let diameter) = self {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(diameter, forKey: .objectDiameter)
            return
        }
        var container = encoder.singleValueContainer()
        switch self {
        case .automatic: try container.encode("automatic")
        case .never: try container.encode("never")
        case .always(let options): try container.encode(options)
        case .objects: break
        }
    }
}
