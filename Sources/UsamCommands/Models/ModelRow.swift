import Foundation
import ModelZoo

/// One model in the list.
struct ModelRow: Encodable, Hashable, Sendable {
    /// The name.
    var name: String

    /// The image encoder.
    var architecture: String

    /// What it was trained for.
    var family: String

    /// Whether it can segment automatically with a decoder.
    var hasDecoder: Bool

    /// `embedded`, `downloaded` or `remote`.
    var availability: String

    /// Bytes on this machine.
    var byteCount: Int?

    /// Where it comes from; nil for the embedded one.
    var url: String?

    /// All models, the embedded one first.
    static func all(in zoo: ModelZoo) -> [ModelRow] {
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
    init(_ model: RegisteredModel, in zoo: ModelZoo) {
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

    /// For the table: whether automatic segmentation works.
    var segmentation: String { hasDecoder ? "yes" : "no decoder" }

    /// For the table: whether it is on this machine.
    var state: String {
        switch availability {
        case "embedded": "yes, part of the program"
        case "downloaded": "yes, \(Wording.byteCount(byteCount ?? 0))"
        default: "no, can be fetched"
        }
    }
}
