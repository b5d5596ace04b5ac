import Foundation
public import ImageFormats

/// What is known of a file.
public enum FileDescription: Encodable {
    /// An image.
    case image(ImageFileDescription)
    /// A checkpoint of a model.
    case checkpoint(CheckpointDescription)

    /// Looks at a file.
    ///
    /// - Throws: `ImageFormatError` if it is no image, or `CheckpointError` if it looks like a checkpoint but is none.
    public init(of path: String, _ options: ImageSource.Options) throws {
        do {
            self = .image(try ImageFileDescription(of: path, options))
        } catch let error as ImageFormatError where error.kind == .unknownFormat {
            do {
                self = .checkpoint(try CheckpointDescription(contentsOf: path))
            } catch let checkpointError {
                throw Self.looksLikeCheckpoint(path) ? checkpointError : error
            }
        }
    }

    private static func looksLikeCheckpoint(_ path: String) -> Bool {
        ["pt", "pth", "safetensors", "ckpt", "bin"]
            .contains(URL(filePath: path).pathExtension.lowercased())
    }

    /// Writes what is known, without a word on the kind of description.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .image(let description): try description.encode(to: encoder)
        case .checkpoint(let description): try description.encode(to: encoder)
        }
    }
}
