import Files
import Foundation
public import Imaging

/// What a model's file says beside its weights: how images are shown to the model, and which parameters of
/// automatic segmentation suit it.
///
/// All of it travels in the metadata of a checkpoint. Nothing else reads or writes these entries.
public struct ModelTraits: Hashable, Codable, Sendable {
    /// What lies beside images that are not square.
    public var padding: FramePadding

    /// The diameter of objects that the model segments best; nil if it does not matter.
    public var objectDiameter: ObjectDiameter?

    /// The diameter to which objects are enlarged for automatic segmentation with the decoder (AIS); nil if it is
    /// ``objectDiameter``.
    ///
    /// A decoder that sees the image itself finds objects that are too small for prompts.
    public var decoderDiameter: ObjectDiameter?

    /// Parameters of automatic segmentation with the decoder (AIS) by micro-sam's names; those that are
    /// missing have their defaults.
    ///
    /// How steep a decoder's maps are depends on the length of its training, so thresholds that suit one
    /// model find nothing with another.
    public var parameters: [String: Double]

    /// How intensities were stretched when the model was trained.
    public var normalization: Normalization

    /// Combines the traits; by default those of the reference's models, which carry none.
    public init(
        padding: FramePadding = .zero,
        objectDiameter: ObjectDiameter? = nil,
        decoderDiameter: ObjectDiameter? = nil,
        parameters: [String: Double] = [:],
        normalization: Normalization = .minmax
    ) {
        self.normalization = normalization
        self.padding = padding
        self.objectDiameter = objectDiameter
        self.decoderDiameter = decoderDiameter
        self.parameters = parameters
    }

    /// The traits without those that the reference's programs do not know.
    public static let reference = ModelTraits()

    /// The parameters of a mode; none for modes that a model carries nothing for.
    public func parameters(of mode: AutomaticMode) -> [String: Double] {
        mode == .instanceDecoder ? parameters : [:]
    }

    /// The diameter of objects that suits a use of the model; nil if it does not matter.
    ///
    /// - Parameter mode: How objects are found; nil for prompts.
    public func objectDiameter(for mode: AutomaticMode?) -> ObjectDiameter? {
        mode == .instanceDecoder ? decoderDiameter ?? objectDiameter : objectDiameter
    }

    /// How the decoder's maps become objects with the parameters of the model.
    public var watershed: WatershedOptions {
        var options = AutomaticSegmentationOptions()
        // The parameters were checked when they were read; others leave the defaults.
        try? options.set(parameters, of: .instanceDecoder)
        return options.watershed
    }
}

// MARK: - The metadata of a checkpoint

extension ModelTraits {
    /// The entries of a checkpoint's metadata that hold the traits.
    public enum Key {
        /// Holds ``ModelTraits/padding``.
        public static let padding = "usam.padding"
        /// Holds ``ModelTraits/objectDiameter`` in pixels of the frame.
        public static let objectDiameter = "usam.object_diameter"
        /// Holds ``ModelTraits/decoderDiameter`` in pixels of the frame.
        public static let decoderDiameter = "usam.decoder_diameter"
        /// Holds ``ModelTraits/parameters`` as JSON.
        public static let parameters = "usam.ais_parameters"

        /// Holds ``ModelTraits/normalization``.
        public static let normalization = "usam.normalization"

        static let all = [padding, objectDiameter, decoderDiameter, parameters, normalization]
    }

    /// Reads the traits from the metadata of a checkpoint; an entry that makes no sense counts as missing.
    public init(metadata: [String: String]) {
        self.init(
            padding: metadata[Key.padding].flatMap(FramePadding.init) ?? .zero,
            objectDiameter: metadata[Key.objectDiameter].flatMap(ObjectDiameter.init(text:)),
            decoderDiameter: metadata[Key.decoderDiameter].flatMap(ObjectDiameter.init(text:)),
            parameters: metadata[Key.parameters].flatMap(Self.parameters(json:)) ?? [:],
            normalization: metadata[Key.normalization].flatMap(Normalization.init) ?? .minmax
        )
    }

    /// The entries of a checkpoint's metadata that should hold traits but make no sense to this program; they
    /// count as missing.
    public static func unreadableEntries(of metadata: [String: String]) -> [String] {
        let reads: [String: (String) -> Bool] = [
            Key.padding: { FramePadding(rawValue: $0) != nil },
            Key.objectDiameter: { ObjectDiameter(text: $0) != nil },
            Key.decoderDiameter: { ObjectDiameter(text: $0) != nil },
            Key.parameters: { parameters(json: $0) != nil },
            Key.normalization: { Normalization($0) != nil },
        ]
        return Key.all.filter { key in
            metadata[key].map { reads[key]?($0) == false } ?? false
        }
    }

    /// The entries that say these traits; none for a trait with its default.
    public var metadata: [String: String] {
        var entries: [String: String] = [:]
        if padding != .zero { entries[Key.padding] = padding.rawValue }
        entries[Key.objectDiameter] = objectDiameter.map { "\($0.framePixels)" }
        entries[Key.decoderDiameter] = decoderDiameter.map { "\($0.framePixels)" }
        if normalization != .minmax { entries[Key.normalization] = normalization.description }
        if !parameters.isEmpty { entries[Key.parameters] = Self.json(parameters) }
        return entries
    }

    /// Other metadata with these traits in place of those that it held.
    public func replacing(in metadata: [String: String]) -> [String: String] {
        metadata.filter { !Key.all.contains($0.key) }.merging(self.metadata) { $1 }
    }

    private static func parameters(json: String) -> [String: Double]? {
        guard
            let values = try? JSONText.decode(
                [String: Double].self,
                from: Data(json.utf8),
                keys: .asDeclared
            ),
            values.allSatisfy({ range(of: $0.key).contains($0.value) })
        else { return nil }
        var options = AutomaticSegmentationOptions()
        return (try? options.set(values, of: .instanceDecoder)) == nil ? nil : values
    }

    private static func json(_ parameters: [String: Double]) -> String {
        let parts = parameters.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func range(of name: String) -> ClosedRange<Double> {
        name.hasSuffix("_threshold") ? 0...1 : name.hasSuffix("_smoothing") ? 0...100 : 0...1e6
    }
}
