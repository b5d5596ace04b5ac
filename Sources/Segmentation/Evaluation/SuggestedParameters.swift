import Foundation

/// Parameters of automatic segmentation (AIS) that suit a model, found after its training and carried in
/// its file.
///
/// How steep a decoder's maps are depends on how long it was trained, so that thresholds that suit one model
/// find nothing with another.
public struct SuggestedParameters: Hashable, Sendable {
    /// The entry of a checkpoint's metadata that holds them, as JSON.
    public static let key = "usam.ais_parameters"

    /// Values by micro-sam's names.
    public let values: [String: Double]

    /// Wraps values.
    public init(_ values: [String: Double]) { self.values = values }

    /// Reads them from the metadata of a checkpoint; nil if there are none, or none that make sense.
    public init?(metadata: [String: String]) {
        guard let text = metadata[Self.key],
            let values = try? JSONDecoder().decode([String: Double].self, from: Data(text.utf8)),
            !values.isEmpty
        else { return nil }
        var options = AutomaticSegmentationOptions()
        guard (try? options.set(values, of: .instanceDecoder)) != nil,
            values.allSatisfy({ Self.range(of: $0.key).contains($0.value) })
        else { return nil }
        self.values = values
    }

    /// The text for the metadata.
    public var text: String {
        let parts = values.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }
        return "{" + parts.joined(separator: ",") + "}"
    }

    private static func range(of name: String) -> ClosedRange<Double> {
        name.hasSuffix("_threshold") ? 0...1 : name.hasSuffix("_smoothing") ? 0...100 : 0...1e6
    }
}
