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
        let embedded = ModelRow(
            name: EmbeddedModel.name,
            architecture: "vit_t",
            family: "Fluorescence nuclei",
            hasDecoder: true,
            availability: "embedded",
            byteCount: nil,
            url: nil
        )
        return [embedded] + zoo.registry.models.map { ModelRow($0, in: zoo) }
    }

    /// Describes a model of the registry.
    public init(_ model: RegisteredModel, in zoo: ModelZoo) {
        name = model.name
        architecture = model.modelType
        family = model.family.rawValue
        hasDecoder = model.decoder != nil
        url = model.file.url.absoluteString
        switch zoo.availability(of: model.name) {
        case .embedded: availability = "embedded"
        case .downloaded(let count):
            availability = "downloaded"
            byteCount = count
        case .remote, nil: availability = "remote"
        }
    }

    private init(
        name: String,
        architecture: String,
        family: String,
        hasDecoder: Bool,
        availability: String,
        byteCount: Int?,
        url: String?
    ) {
        self.name = name
        self.architecture = architecture
        self.family = family
        self.hasDecoder = hasDecoder
        self.availability = availability
        self.byteCount = byteCount
        self.url = url
    }
}
