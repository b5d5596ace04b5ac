import Annotations
import Foundation
import Imaging
import Testing

/// A project with one image in a folder of its own, which is removed with it.
final class TestProject {
    let folder: URL
    let url: URL
    var project: Project
    let image: Int64
    let client = UUID()

    init(_ shape: ImageShape = ImageShape(y: 300, x: 280)) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "annotations-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        url = folder.appending(path: "test.usam")
        project = try Project.create(at: url)
        let entry = ImageEntry(name: "a", path: "a.tif", shape: shape)
        image = try #require(try project.addImages([entry]).first)
    }

    deinit {
        try? project.close()
        try? FileManager.default.removeItem(at: folder)
    }

    func reopen() throws {
        try project.close()
        project = try Project.open(at: url)
    }

    @discardableResult
    func apply(_ action: Gesture.Action, base: Int64? = nil, client: UUID? = nil) throws
        -> EditAnswer
    {
        let gesture = Gesture(action, client: client ?? self.client, base: base)
        return try project.apply(gesture, to: image)
    }

    /// Commits a rectangle.
    @discardableResult
    func commit(y: Int, x: Int, height: Int, width: Int, _ rule: OverlapRule = .keep) throws
        -> EditAnswer
    {
        try apply(.commit(NewObject(mask: box(y: y, x: x, height: height, width: width)), rule))
    }

    func labels(at edit: Int64? = nil) throws -> LabelImage {
        try project.labelImage(image: image, at: edit)
    }
}

/// A mask that fills a rectangle.
func box(y: Int, x: Int, height: Int, width: Int) throws -> BoxMask {
    try BoxMask(filling: Region(x: x, y: y, width: width, height: height))
}

extension LabelImage {
    /// Number of pixels of a label.
    func area(_ label: UInt32) -> Int { labels.count { $0 == label } }
}
