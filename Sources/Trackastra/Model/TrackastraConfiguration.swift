/// The hyper-parameters of a model, from its `config.yaml`.
///
/// - Source: Gallusser and Weigert, "Trackastra: Transformer-based cell tracking for live-cell microscopy", ECCV 2024; names and
///   defaults as in `trackastra` 0.5.
public struct TrackastraConfiguration: Hashable, Codable, Sendable {
    /// How attention knows where objects are.
    public enum PositionalBias: String, Codable, Hashable, Sendable {
        /// Queries and keys are rotated by their coordinates.
        case rotary = "rope"
        /// A learned table of distances in space and time is added.
        case table = "bias"
        /// Only by the distance.
        case none
    }

    /// How distances weaken attention.
    public enum DistanceMode: String, Codable, Hashable, Sendable {
        /// By the distance in space and time, in pixels and frames.
        case absolute = "v0"
        /// By the distance in space, in parts of the cutoff.
        case relative = "v1"
    }

    /// How logits become scores.
    public enum Normalization: String, Codable, Hashable, Sendable {
        /// Each logit for itself, by the logistic function.
        case none
        /// The logistic function, divided by the sum over possible parents.
        case linear
        /// Over possible parents.
        case softmax
        /// Over possible parents and none of them.
        case quietSoftmax = "quiet_softmax"
    }

    /// Axes in space: 2 or 3.
    public var spatialDimensions = 3
    /// Features of each object; 0 for none.
    public var featureDimensions = 0
    /// Width of a token.
    public var dimensions = 128
    /// Heads of attention.
    public var heads = 4
    /// Layers of the encoder.
    public var encoderLayers = 4
    /// Layers of the decoder.
    public var decoderLayers = 4
    /// Sines and cosines for each coordinate.
    public var positionChannels = 32
    /// Sines and cosines for each feature; 1 takes the feature itself.
    public var featureChannels = 1
    /// Frames that are seen together.
    public var window = 6
    /// Objects farther apart than this many pixels do not see each other.
    public var cutoff = 256.0
    /// How attention knows where objects are.
    public var positionalBias = PositionalBias.rotary
    /// Steps of distance in a table of positional bias.
    public var spatialBins = 16
    /// How logits become scores.
    public var normalization = Normalization.quietSoftmax
    /// How distances weaken attention.
    public var distanceMode = DistanceMode.absolute

    /// The defaults of the reference.
    public init() {}

    /// Reads the text of `config.yaml`; entries that only matter in training are ignored.
    ///
    /// - Throws: ``TrackastraError/invalidConfiguration(file:problem:)``.
    package init(yaml text: String, file: String) throws(TrackastraError) {
        let values = try FlatYAML(text, file: file)
        try values.set(\.spatialDimensions, of: &self, "coord_dim", in: 2...3)
        try values.set(\.featureDimensions, of: &self, "feat_dim", in: 0...4096)
        try values.set(\.dimensions, of: &self, "d_model", in: 1...65_536)
        try values.set(\.heads, of: &self, "nhead", in: 1...1024)
        try values.set(\.encoderLayers, of: &self, "num_encoder_layers", in: 0...1000)
        try values.set(\.decoderLayers, of: &self, "num_decoder_layers", in: 0...1000)
        try values.set(\.positionChannels, of: &self, "pos_embed_per_dim", in: 2...65_536)
        try values.set(\.featureChannels, of: &self, "feat_embed_per_dim", in: 1...65_536)
        try values.set(\.window, of: &self, "window", in: 2...10_000)
        try values.set(\.spatialBins, of: &self, "attn_positional_bias_n_spatial", in: 2...65_536)
        try values.set(\.positionalBias, of: &self, "attn_positional_bias")
        try values.set(\.normalization, of: &self, "causal_norm")
        try values.set(\.distanceMode, of: &self, "attn_dist_mode")
        if let text = values["spatial_pos_cutoff"] {
            guard let cutoff = Double(text), cutoff > 0, cutoff.isFinite else {
                throw values.problem(
                    "spatial_pos_cutoff must be a number above 0, and is '\(text)'"
                )
            }
            self.cutoff = cutoff
        }
        guard dimensions % heads == 0 else {
            throw values.problem("d_model (\(dimensions)) must be a multiple of nhead (\(heads))")
        }
    }
}

extension FlatYAML {
    fileprivate func set(
        _ path: WritableKeyPath<TrackastraConfiguration, Int>,
        of configuration: inout TrackastraConfiguration,
        _ key: String,
        in range: ClosedRange<Int>
    ) throws(TrackastraError) {
        guard let text = self[key] else { return }
        guard let value = Int(text), range.contains(value) else {
            throw problem(
                "\(key) must be a whole number from \(range.lowerBound) to \(range.upperBound), and is '\(text)'"
            )
        }
        configuration[keyPath: path] = value
    }

    fileprivate func set<Value: RawRepresentable<String>>(
        _ path: WritableKeyPath<TrackastraConfiguration, Value>,
        of configuration: inout TrackastraConfiguration,
        _ key: String
    ) throws(TrackastraError) {
        guard let text = self[key] else { return }
        guard let value = Value(rawValue: text) else {
            throw problem("\(key) is '\(text)', which is not known here")
        }
        configuration[keyPath: path] = value
    }
}
