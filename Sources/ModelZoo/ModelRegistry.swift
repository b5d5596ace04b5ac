public import Files
public import Foundation

/// A file that can be downloaded and checked.
public struct RegisteredFile: Hashable, Codable, Sendable {
    /// The name, which is also the file name in the cache.
    public let name: String
    /// Where it comes from.
    public let url: URL
    /// What its content must be.
    public let digest: FileDigest

    /// Describes a file.
    public init(name: String, url: URL, digest: FileDigest) {
        self.name = name
        self.url = url
        self.digest = digest
    }
}

/// A model that is known by name.
public struct RegisteredModel: Hashable, Codable, Sendable {
    /// What a model was trained for.
    public enum Family: String, CaseIterable, Codable, Hashable, Sendable {
        /// The original SAM and MobileSAM.
        case naturalImages = "Natural images"
        /// Fluorescence, phase contrast, histology, plants and some electron microscopy.
        case microscopy = "Microscopy of several kinds"
        /// micro-sam's models for cells and nuclei.
        case lightMicroscopy = "Light microscopy"
        /// micro-sam's models for organelles.
        case electronMicroscopy = "Electron microscopy"
        /// PathoSAM.
        case histopathology = "Histopathology"
        /// MedicoSAM.
        case medicalImaging = "Medical imaging"
    }

    /// The name.
    public let name: String
    /// The image encoder: `vit_t`, `vit_b`, `vit_l` or `vit_h`.
    public let modelType: String
    /// What it was trained for.
    public let family: Family
    /// Whether it can segment automatically with a decoder.
    public let hasDecoder: Bool
    /// The files to download, the weights first, then those of a decoder; none for the embedded model.
    public let files: [RegisteredFile]

    /// Describes a model whose files, `name` and `name_decoder`, are downloaded.
    ///
    /// - Parameter decoder: The weights of the decoder for automatic segmentation, if there is one that
    ///   can be used.
    public init(file: RegisteredFile, decoder: RegisteredFile? = nil) {
        name = file.name
        modelType = String(name.prefix(5))
        family = Family(endOfName: name.dropFirst(5))
        hasDecoder = decoder != nil
        files = [file] + (decoder.map { [$0] } ?? [])
    }

    /// The weights; nil for the embedded model.
    public var file: RegisteredFile? { files.first }

    /// The weights of the decoder; nil if they lie in the same file, or there are none.
    public var decoder: RegisteredFile? { files.dropFirst().first }

    /// The model that ships with the program.
    public static let embedded = RegisteredModel()

    private init() {
        name = EmbeddedModel.name
        modelType = "vit_t"
        family = .microscopy
        hasDecoder = true
        files = []
    }
}

extension RegisteredModel.Family {
    /// What the end of an official name tells.
    fileprivate init(endOfName end: Substring) {
        self =
            switch end {
            case "_lm": .lightMicroscopy
            case "_em_organelles": .electronMicroscopy
            case "_histopathology": .histopathology
            case "_medical_imaging": .medicalImaging
            default: .naturalImages
            }
    }
}

/// The models that are known by name.
public struct ModelRegistry: Sendable {
    /// All models in the order in which they are listed.
    public let models: [RegisteredModel]

    /// A registry of one's own.
    public init(models: [RegisteredModel]) {
        self.models = models
    }

    /// The model of this name.
    public subscript(name: String) -> RegisteredModel? {
        models.first { $0.name == name }
    }

    /// The embedded model, and the official models of micro-sam 1.8.
    ///
    /// The decoder of `vit_b_medical_imaging` is left out on purpose: it is not made for instances, and
    /// micro-sam ignores it, too.
    public static let official = ModelRegistry(
        models: [.embedded] + table.compactMap(model)
    )

    private struct Row {
        let name: String
        let hash: String
        let url: String
        var decoderHash: String?
        var decoderURL: String?
    }

    private static func model(_ row: Row) -> RegisteredModel? {
        func file(_ name: String, _ hash: String, _ address: String) -> RegisteredFile? {
            URL(string: address).map {
                RegisteredFile(name: name, url: $0, digest: FileDigest(.xxh128, hash))
            }
        }
        guard let weights = file(row.name, row.hash, row.url) else { return nil }
        var decoder: RegisteredFile?
        if let hash = row.decoderHash, let url = row.decoderURL {
            decoder = file(row.name + "_decoder", hash, url)
        }
        return RegisteredModel(file: weights, decoder: decoder)
    }

    private static let meta = "https://dl.fbaipublicfiles.com/segment_anything"
    private static let bioimage = "https://uk1s3.embassy.ebi.ac.uk/public-datasets/bioimage.io"
    private static let gwdg = "https://owncloud.gwdg.de/index.php/s"

    private static let table: [Row] = [
        Row(
            name: "vit_t",
            hash: "8eadbc88aeb9d8c7e0b4b60c3db48bd0",
            url: "\(gwdg)/TuDzuwVDHd1ZDnQ/download"
        ),
        Row(
            name: "vit_b",
            hash: "6923c33df3637b6a922d7682bfc9a86b",
            url: "\(meta)/sam_vit_b_01ec64.pth"
        ),
        Row(
            name: "vit_l",
            hash: "a82beb3c660661e3dd38d999cc860e9a",
            url: "\(meta)/sam_vit_l_0b3195.pth"
        ),
        Row(
            name: "vit_h",
            hash: "97698fac30bd929c2e6d8d8cc15933c2",
            url: "\(meta)/sam_vit_h_4b8939.pth"
        ),
        Row(
            name: "vit_t_lm",
            hash: "72ec5074774761a6e5c05a08942f981e",
            url: "\(bioimage)/faithful-chicken/1.1/files/vit_t.pt",
            decoderHash: "3e914a5f397b0312cdd36813031f8823",
            decoderURL: "\(bioimage)/faithful-chicken/1.1/files/vit_t_decoder.pt"
        ),
        Row(
            name: "vit_b_lm",
            hash: "fe9252a29f3f4ea53c15a06de471e186",
            url: "\(bioimage)/diplomatic-bug/1.2/files/vit_b.pt",
            decoderHash: "708b15ac620e235f90bb38612c4929ba",
            decoderURL: "\(bioimage)/diplomatic-bug/1.2/files/vit_b_decoder.pt"
        ),
        Row(
            name: "vit_l_lm",
            hash: "017f20677997d628426dec80a8018f9d",
            url: "\(bioimage)/idealistic-rat/1.2/files/vit_l.pt",
            decoderHash: "2faeafa03819dfe03e7c46a44aaac64a",
            decoderURL: "\(bioimage)/idealistic-rat/1.2/files/vit_l_decoder.pt"
        ),
        Row(
            name: "vit_t_em_organelles",
            hash: "253474720c497cce605e57c9b1d18fd9",
            url: "\(bioimage)/greedy-whale/1/files/vit_t.pt",
            decoderHash: "8f897c7bb93174a4d1638827c4dd6f44",
            decoderURL: "\(bioimage)/greedy-whale/1/files/vit_t_decoder.pt"
        ),
        Row(
            name: "vit_b_em_organelles",
            hash: "f3bf2ed83d691456bae2c3f9a05fb438",
            url: "\(bioimage)/noisy-ox/1.2/files/vit_b.pt",
            decoderHash: "bb6398956a6b0132c26b631c14f95ce2",
            decoderURL: "\(bioimage)/noisy-ox/1.2/files/vit_b_decoder.pt"
        ),
        Row(
            name: "vit_l_em_organelles",
            hash: "810b084b6e51acdbf760a993d8619f2d",
            url: "\(bioimage)/humorous-crab/1.2/files/vit_l.pt",
            decoderHash: "334877640bfdaaabce533e3252a17294",
            decoderURL: "\(bioimage)/humorous-crab/1.2/files/vit_l_decoder.pt"
        ),
        Row(
            name: "vit_b_histopathology",
            hash: "ffd1a2cd84570458b257bd95fdd8f974",
            url: "\(gwdg)/sBB4H8CTmIoBZsQ/download",
            decoderHash: "6a66194dcb6e36199cbee2214ecf7213",
            decoderURL: "\(gwdg)/KO9AWqynI7SFOBj/download"
        ),
        Row(
            name: "vit_l_histopathology",
            hash: "b591833c89754271023e901281dee3f2",
            url: "\(gwdg)/IZgnn1cpBq2PHod/download",
            decoderHash: "46aab7765d4400e039772d5a50b55c04",
            decoderURL: "\(gwdg)/oIs6VSmkOp7XrKF/download"
        ),
        Row(
            name: "vit_h_histopathology",
            hash: "bd1856dafc156a43fb3aa705f1a6e92e",
            url: "\(gwdg)/L7AcvVz7DoWJ2RZ/download",
            decoderHash: "3ed9f87e46ad5e16935bd8d722c8dc47",
            decoderURL: "\(gwdg)/1qAKxy5H0jgwZvM/download"
        ),
        Row(
            name: "vit_b_medical_imaging",
            hash: "40169f1e3c03a4b67bff58249c176d92",
            url: "\(gwdg)/f5Ol4FrjPQWfjUF/download"
        ),
    ]
}
