import Files
public import Imaging
public import Prompting
public import SegmentAnything
import Zarr

/// What embeddings were made from and with; stored beside them and compared before they are used.
public struct EmbeddingSignature: Hashable, Codable, Sendable {
    /// The model that made the embeddings.
    public struct Model: Hashable, Codable, Sendable {
        /// `vit_t`, `vit_b`, `vit_l` or `vit_h`.
        public var type: String

        /// The name in the model registry, or the type for a file of the user's.
        public var name: String

        /// The hash of the checkpoint file, `xxh128:…`; nil if it is not known.
        public var hash: String?

        /// Which attention biases a ViT-T has used; nil for other encoders.
        public var attentionBiases: ModelBehavior.AttentionBiases?

        /// How the encoder computed; nil for single precision.
        public var precision: ModelBehavior.Precision?

        /// How intensities were stretched for it.
        public var normalization = Normalization.minmax

        /// Names a model.
        public init(
            type: String,
            name: String,
            hash: String?,
            attentionBiases: ModelBehavior.AttentionBiases? = nil
        ) {
            self.type = type
            self.name = name
            self.hash = hash
            self.attentionBiases = attentionBiases
        }

        /// Describes the networks in memory; name and hash of their file are not known to them.
        public init(_ model: SegmentAnythingModel, name: String?, hash: String?) {
            type = model.architecture.name
            self.name = name ?? type
            self.hash = hash
            attentionBiases = model.architecture == .tiny ? model.behavior.attentionBiases : nil
            precision = model.behavior.precision == .float32 ? nil : model.behavior.precision
        }
    }

    /// The SHA-1 hash of the pixels, see ``PlaneStack/dataSignature(_:)``.
    public var data: String

    /// The model.
    public var model: Model

    /// How the image is divided; nil if it is not.
    public var tiling: TilingOptions?

    /// What the intensities of tiles were stretched by; the reference knows ``Division/Intensities/tile`` only.
    public var intensities: Division.Intensities

    /// How wide objects are in pixels of the image, where the tiles enlarge them because of that.
    public var objectDiameter: Double?

    /// The version of the program that wrote the embeddings.
    public var version: String?

    /// Whether features are stored in half precision.
    public var isHalfPrecision: Bool

    /// What this version of the program writes.
    public static let currentVersion = "usam \(ProgramVersion.series)"

    /// Describes embeddings.
    public init(
        data: String,
        model: Model,
        tiling: TilingOptions? = nil,
        intensities: Division.Intensities = .tile,
        objectDiameter: Double? = nil,
        version: String? = currentVersion,
        isHalfPrecision: Bool = false
    ) {
        self.data = data
        self.model = model
        self.tiling = tiling
        self.intensities = tiling == nil ? .tile : intensities
        self.objectDiameter = tiling == nil ? nil : objectDiameter
        self.version = version
        self.isHalfPrecision = isHalfPrecision
    }

    /// Whether embeddings with this signature may be used where another one is expected.
    ///
    /// Data, tiling and model must be the same. The hash decides whether the model is the same; where
    /// one is missing, type and name decide.
    ///
    /// - Returns: What looks odd but does no harm: another name of the same model, another version.
    /// - Throws: ``EmbeddingStoreError/otherSignature(path:what:expected:found:)`` with the first
    ///   difference.
    public func warnings(
        comparedWith expected: EmbeddingSignature,
        path: String
    ) throws(EmbeddingStoreError) -> [String] {
        func require(_ what: String, _ wanted: String?, _ found: String?)
            throws(EmbeddingStoreError)
        {
            guard wanted == found else {
                throw .otherSignature(
                    path: path,
                    what: what,
                    expected: wanted ?? "none",
                    found: found ?? "none"
                )
            }
        }
        try require("image", expected.data, data)
        try require("type of the model", expected.model.type, model.type)
        try require("tiling", expected.tiling?.summary, tiling?.summary)
        try require(
            "stretching of intensities, by tile or plane",
            expected.intensities.rawValue,
            intensities.rawValue
        )
        if let wanted = expected.model.hash, let found = model.hash {
            try require("model", wanted, found)
        } else {
            try require("model", expected.model.name, model.name)
        }
        let (wantedBiases, foundBiases) = (
            expected.model.attentionBiases, model.attentionBiases
        )
        try require("attention biases of ViT-T", wantedBiases?.rawValue, foundBiases?.rawValue)
        try require(
            "precision of the encoder",
            (expected.model.precision ?? .float32).rawValue,
            (model.precision ?? .float32).rawValue
        )
        try require(
            "normalisation of intensities",
            expected.model.normalization.description,
            model.normalization.description
        )
        var warnings: [String] = []
        if expected.model.name != model.name {
            warnings.append(
                "\(path): the model is named '\(model.name)' there and "
                    + "'\(expected.model.name)' here, but it is the same file"
            )
        }
        if expected.version != version {
            warnings.append("\(path): written by version \(version ?? "unknown")")
        }
        if expected.isHalfPrecision != isHalfPrecision {
            let found = isHalfPrecision ? "half" : "single"
            warnings.append("\(path): the features have \(found) precision")
        }
        return warnings
    }
}

// MARK: - Attributes of the store

extension EmbeddingSignature {
    /// The attributes of the root group, in micro-sam's order.
    ///
    /// Those that mean "complete" are not among them.
    var attributes: JSONObject {
        [
            "data_signature": .string(data),
            "tile_shape": tiling.map { .sides($0.tileShape) } ?? .null,
            "halo": tiling.map { .sides($0.halo) } ?? .null,
            "model_type": .string(model.type),
            "model_name": .string(model.name),
            "micro_sam_version": version.map { .string($0) } ?? .null,
            "model_hash": model.hash.map { .string($0) } ?? .null,
        ]
    }

    /// What micro-sam does not know, under the name `usam`.
    var ownAttributes: JSONObject {
        var attributes: JSONObject = [
            "attention_biases": model.attentionBiases.map { .string($0.rawValue) } ?? .null,
            "precision": isHalfPrecision ? "float16" : "float32",
        ]
        if intensities != .tile { attributes["intensities"] = .string(intensities.rawValue) }
        if model.normalization != .minmax {
            attributes["normalization"] = .string(model.normalization.description)
        }
        if let precision = model.precision {
            attributes["encoder_precision"] = .string(precision.rawValue)
        }
        if let objectDiameter { attributes["object_diameter"] = .number(objectDiameter) }
        return attributes
    }

    /// Reads the attributes of a root group.
    init(_ attributes: JSONObject, path: String) throws(EmbeddingStoreError) {
        func text(_ name: String) throws(EmbeddingStoreError) -> String {
            guard let value = attributes[name]?.string else {
                throw .damaged(path: path, "the attribute '\(name)' is missing")
            }
            return value
        }
        let own = attributes["usam"]
        let type = try text("model_type")
        // micro-sam itself computes ViT-T without the attention biases.
        let biases = own.map { $0["attention_biases"]?.string } ?? (type == "vit_t" ? "zero" : nil)
        model = Model(
            type: type,
            name: attributes["model_name"]?.string ?? type,
            hash: attributes["model_hash"]?.string,
            attentionBiases: biases.flatMap { .init(rawValue: $0) }
        )
        model.normalization =
            own?["normalization"]?.string.flatMap { Normalization($0) } ?? .minmax
        model.precision = own?["encoder_precision"]?.string.flatMap { .init(rawValue: $0) }
        data = try text("data_signature")
        version = attributes["micro_sam_version"]?.string
        isHalfPrecision = own?["precision"]?.string == "float16"
        intensities = own?["intensities"]?.string.flatMap { .init(rawValue: $0) } ?? .tile
        objectDiameter = own?["object_diameter"]?.number
        switch (attributes["tile_shape"] ?? .null, attributes["halo"] ?? .null) {
        case (.null, _): tiling = nil
        case (let shape, let halo):
            guard let shape = shape.size, let halo = halo.size else {
                throw .damaged(path: path, "the attributes 'tile_shape' and 'halo'")
            }
            tiling = TilingOptions(tileShape: shape, halo: halo)
        }
    }
}

extension JSONValue {
    /// A size as `[height, width]`.
    static func sides(_ size: Size) -> JSONValue { [.integer(size.height), .integer(size.width)] }

    /// The size of `[height, width]`.
    var size: Size? {
        guard let sides = integers, sides.count == 2 else { return nil }
        return Size(width: sides[1], height: sides[0])
    }
}
