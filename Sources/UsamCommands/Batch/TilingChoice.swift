package import Imaging
package import Segmentation

/// Whether images are divided into tiles.
package enum TilingChoice: Hashable, Sendable {
    /// Large ones are, in the standard way.
    case automatic
    /// None is: large ones are reduced to what the model takes.
    case never
    /// All are, in this way.
    case always(TilingOptions)

    /// How an image of this size is divided; nil if it is not.
    package func tiling(of size: Size) -> TilingOptions? {
        switch self {
        case .automatic: TilingOptions.automatic(for: size)
        case .never: nil
        case .always(let options): options
        }
    }
}

extension TilingChoice: Codable {
    /// The words `automatic` and `never`, or the tiles.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self) {
            self = word == "never" ? .never : .automatic
        } else {
            self = .always(try container.decode(TilingOptions.self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .automatic: try container.encode("automatic")
        case .never: try container.encode("never")
        case .always(let options): try container.encode(options)
        }
    }
}
