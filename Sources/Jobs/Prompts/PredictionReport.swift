public import ImageFormats
public import Prompting

/// Predicted masks and the size of a pixel, as one document.
public struct PredictionReport: Encodable, Hashable, Sendable {
    /// The masks.
    public let document: PredictionDocument

    /// The size of a pixel and where it comes from; nil if it is not known.
    public let pixelSize: KnownPixelSize?

    private enum CodingKeys: String, CodingKey { case program, pixelSize }

    /// Combines the masks with the size of the pixels of their plane.
    public init(_ document: PredictionDocument, of plane: PlaneSource) {
        self.document = document
        pixelSize = KnownPixelSize(of: plane)
    }

    /// Writes the members of the document, and the version of the program and the size as further ones.
    public func encode(to encoder: any Encoder) throws {
        try document.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(ProgramVersion.text, forKey: .program)
        try container.encodeIfPresent(pixelSize, forKey: .pixelSize)
    }
}
