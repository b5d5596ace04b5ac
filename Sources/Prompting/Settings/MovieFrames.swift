/// Where the frames of a movie lie whose file does not say that it is one.
public enum MovieFrames: Hashable, Sendable {
    /// One file for each frame, in the folder that is opened: their names in the order of the frames.
    case files([String])
    /// The slices of a file without time points; many programs save a movie as such a stack.
    case slices
}

extension MovieFrames: Codable {
    private static let slicesName = "slices"

    /// Reads a list of names, or the text `slices`.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let names = try? value.decode([String].self) {
            self = .files(names)
        } else if try value.decode(String.self) == Self.slicesName {
            self = .slices
        } else {
            throw DecodingError.dataCorruptedError(
                in: value,
                debugDescription: "frames are a list of names, or '\(Self.slicesName)'"
            )
        }
    }

    /// Writes a list of names, or the text `slices`.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .files(let names): try value.encode(names)
        case .slices: try value.encode(Self.slicesName)
        }
    }
}
