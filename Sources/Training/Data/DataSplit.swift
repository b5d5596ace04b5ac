public import ImageFormats
import Imaging

/// Pairs divided between training and validation.
public struct DataSplit: Hashable, Sendable {
    /// What is trained on.
    public var training: [AnnotatedImage]

    /// What the metric is computed on.
    public var validation: [AnnotatedImage]

    /// How they were divided.
    public let division: Division

    /// How data were divided.
    public enum Division: String, Codable, Hashable, Sendable {
        /// Some files were kept for validation.
        case files
        /// The last planes of the only stack were kept.
        case planes
        /// A part of the only image was kept.
        case region
        /// The same image serves both, because it is too small to be cut.
        case shared
    }

    /// The shortest side of a part of an image that is kept for validation.
    private static let minimumSide = 128

    /// Divides pairs at random: at least one, and never all, are kept for validation.
    ///
    /// A single stack keeps its last planes, a single image the end of its longer side, so that no pixel
    /// serves both.
    ///
    /// - Parameters:
    ///   - fraction: Share that is kept for validation, above 0 and below 1.
    ///   - seed: The same seed gives the same division.
    /// - Throws: `DataSetError` if there are no pairs, or `ImageFormatError` if the only one cannot
    ///   be opened.
    public init(_ pairs: [AnnotatedImage], fraction: Double, seed: UInt64) throws {
        guard fraction > 0, fraction < 1 else {
            throw TrainingDataError.invalidOption(
                name: "share of validation data",
                reason: "must be above 0 and below 1, but is \(fraction)"
            )
        }
        guard let first = pairs.first else {
            throw DataSetError.noImages
        }
        func kept(of count: Int) -> Int {
            min(max(Int((fraction * Double(count)).rounded()), 1), count - 1)
        }
        guard pairs.count == 1 else {
            var random = SplitMix64(seed: seed)
            let order = pairs.indices.shuffled(using: &random)
            let chosen = Set(order.prefix(kept(of: pairs.count)))
            training = pairs.indices.filter { !chosen.contains($0) }.map { pairs[$0] }
            validation = pairs.indices.filter { chosen.contains($0) }.map { pairs[$0] }
            division = .files
            return
        }
        let reader = try AnnotatedPlanes(opening: first)
        var (training, validation) = (first, first)
        if reader.planes.count > 1 {
            let border = reader.planes.upperBound - kept(of: reader.planes.count)
            training.planes = reader.planes.lowerBound..<border
            validation.planes = border..<reader.planes.upperBound
            division = .planes
        } else if let parts = try Self.parts(of: reader, fraction: fraction) {
            training.region = parts.training
            validation.region = parts.validation
            division = .region
        } else {
            division = .shared
        }
        self.training = [training]
        self.validation = [validation]
    }

    /// Two parts of the only image with objects in both, or nil.
    private static func parts(
        of reader: AnnotatedPlanes,
        fraction: Double
    ) throws -> (training: Region, validation: Region)? {
        let size = reader.size
        let length = size.longestSide
        let kept = Int((fraction * Double(length)).rounded())
        guard min(size.width, size.height, kept, length - kept) >= minimumSide else { return nil }
        let origin = reader.pair.region ?? Region(size)
        var (training, validation) = (origin, origin)
        if size.width >= size.height {
            training.width = length - kept
            validation.x += length - kept
            validation.width = kept
        } else {
            training.height = length - kept
            validation.y += length - kept
            validation.height = kept
        }
        for region in [training, validation] {
            var pair = reader.pair
            pair.region = region
            let part = try AnnotatedPlanes(opening: pair)
            let labels = try part.labels(plane: part.planes.lowerBound)
            guard labels.labels.contains(where: { $0 != 0 }) else { return nil }
        }
        return (training, validation)
    }
}
