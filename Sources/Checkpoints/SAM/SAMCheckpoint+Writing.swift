public import Foundation

extension SAMCheckpoint {
    /// How numbers are stored in a converted file.
    public enum StoredPrecision: String, CaseIterable, Codable, Hashable, Sendable {
        /// As in the source.
        case unchanged
        /// Weights in half precision, where every value fits.
        ///
        /// Vectors (biases, scales, statistics) and the random matrix of the position encoding keep their
        /// precision: they are small, and errors in them weigh more.
        case half
    }

    /// What a converted file contains.
    public struct ConversionOptions: Hashable, Codable, Sendable {
        /// How numbers are stored.
        public var precision: StoredPrecision
        /// Leaves out what inference and training never read.
        ///
        /// That is the classification head of MobileSAM, and the counters of the batch normalisation.
        public var dropsUnused: Bool
        /// Texts added to the header.
        public var metadata: [String: String]

        /// Options with the precision unchanged and unused entries dropped.
        public init(
            precision: StoredPrecision = .unchanged,
            dropsUnused: Bool = true,
            metadata: [String: String] = [:]
        ) {
            self.precision = precision
            self.dropsUnused = dropsUnused
            self.metadata = metadata
        }
    }

    /// Writes model and decoder as one safetensors file that ``init(contentsOf:decoder:)`` reads.
    ///
    /// Names are those of the model with `model_state.`, those of the decoder with `decoder_state.` before
    /// them. The same input gives the same bytes.
    ///
    /// - Returns: Names of tensors that kept their precision because a value is too large for half.
    /// - Throws: ``CheckpointError/unwritable(file:reason:)``; then nothing is left behind.
    @discardableResult
    public func write(to url: URL, options: ConversionOptions = ConversionOptions())
        throws(CheckpointError) -> [String]
    {
        let texts = Self.headerTexts(architecture, upsampling: decoderDescription?.upsampling)
        let metadata = options.metadata.merging(texts) { _, own in own }
        var writer = SafetensorsWriter(metadata: metadata)
        var kept: [String] = []
        for (prefix, tensors) in [
            (CheckpointParts.modelPrefix, model), (CheckpointParts.decoderPrefix, decoder ?? [:]),
        ] {
            for (key, entry) in tensors.sorted(by: { $0.key < $1.key }) {
                if options.dropsUnused, SAMCheckpoint.isUnused(key) { continue }
                guard options.precision == .half, SAMCheckpoint.isHalved(key, entry) else {
                    try writer.add(entry, named: prefix + key)
                    continue
                }
                if let bytes = SAMCheckpoint.halfBytes(of: entry) {
                    try writer.add(
                        prefix + key,
                        elementType: .float16,
                        shape: entry.shape,
                        bytes: bytes
                    )
                } else {
                    kept.append(key)
                    try writer.add(entry, named: prefix + key)
                }
            }
        }
        try writer.write(to: url)
        return kept
    }

    /// The texts that mark a file of this project.
    package static func headerTexts(
        _ architecture: EncoderArchitecture,
        upsampling: DecoderDescription.Upsampling?
    ) -> [String: String] {
        var texts = [
            CheckpointParts.formatKey: CheckpointParts.formatVersion,
            "usam.model_type": architecture.modelType,
        ]
        texts["usam.decoder"] = upsampling?.rawValue
        return texts
    }

    /// The name that a tensor has in a file of this project.
    package static func storedName(_ name: String, ofDecoder isOfDecoder: Bool) -> String {
        (isOfDecoder ? CheckpointParts.decoderPrefix : CheckpointParts.modelPrefix) + name
    }

    /// Whether an entry is never read: the classification head of MobileSAM, batch counters.
    public static func isUnused(_ key: String) -> Bool {
        key.hasPrefix("image_encoder.head.") || key.hasPrefix("image_encoder.norm_head.")
            || key.hasSuffix(".num_batches_tracked")
    }

    private static func isHalved(_ key: String, _ entry: TensorEntry) -> Bool {
        (entry.elementType == .float32 || entry.elementType == .float64) && entry.shape.count > 1
            && !key.hasSuffix("positional_encoding_gaussian_matrix")
    }

    /// The elements in half precision, or nil if one becomes infinite or is not a number.
    private static func halfBytes(of entry: TensorEntry) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * entry.elementCount)
        for value in entry.floats() {
            let bits = value.halfBits
            guard bits & 0x7C00 != 0x7C00 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        }
        return bytes
    }
}
