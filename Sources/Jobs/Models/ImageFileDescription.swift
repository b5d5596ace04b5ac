import Foundation
public import ImageFormats
import Imaging

/// What is known of an image file without decoding its pixels.
public struct ImageFileDescription: Encodable, Sendable {
    /// Tells descriptions of different things apart.
    public let kind = "image"

    /// The file.
    public let file: String

    /// What the file says of the image.
    public let image: ImageDescription

    /// Reads the metadata of an image.
    public init(of path: String, _ options: ImageSource.Options) throws {
        file = path
        image = try ImageSource(opening: URL(filePath: path), options: options).description
    }

    private enum CodingKeys: String, CodingKey { case kind, file, pixelSizeSource }

    /// The image's own values, beside `kind` and `file`.
    public func encode(to encoder: any Encoder) throws {
        try image.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(file, forKey: .file)
        try container.encodeIfPresent(image.pixelSizeSource, forKey: .pixelSizeSource)
    }
}
