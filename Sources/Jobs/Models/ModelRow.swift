import Foundation
public import ModelZoo

/// One model in the list.
public struct ModelRow: Encodable, Hashable, Sendable {
    /// The name.
    public private(set) var name: String

    /// The image encoder.
    public private(set) var architecture: String

    /// What it was trained for.
    public private(set) var family: String

    /// Whether it can segment automatically with a decoder.
    public private(set) var hasDecoder: Bool

    /// `embedded`, `downloaded` or `remote`.
    public private(set) var availability: String

    /// Bytes on this machine.
    public private(set) var byteCount: Int?

    /// Where it comes from; nil for the embedded one.
    public private(set) var url: String?

    /// All models, the embedded one first.
    public static func all(in zoo: ModelZoo) -> [ModelRow] {
        zoo.registry.models.map { ModelRow($0, in: zoo) }
    }

    /// Describes a model of the registry.
    public init(_ model: RegisteredModel, in zoo: ModelZoo) {
        name = model.name
        architecture = model.modelType
        family = model.family.rawValue
        hasDecoder = model.hasDecoder
        url = model.file?.url.absoluteString
        switch zoo.availability(of: model.name) {
        case .embedded: availability = "embedded"
        case .downloaded(let count):
            availability = "downloaded"
            byteCount = count
        case .remote, nil: availability = "remote"
        }
    }
}
