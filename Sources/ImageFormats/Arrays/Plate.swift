import Files
import Foundation
import Zarr

/// The plate of a screen, or one well of it, in OME-Zarr: several fields, each of which is an image.
///
/// A field is opened by its path: `plate.zarr#B/3/0` is the first field of the well B3.
public struct Plate: Hashable, Sendable {
    /// The container, as the caller named it.
    public let path: String

    /// The paths of the fields inside of the container, well by well as the plate lists them.
    public let fields: [String]

    /// Reads the description of a plate or a well; nil if the path is anything else.
    ///
    /// - Parameter path: The folder, with the well after a `#` if only one is meant.
    /// - Throws: ``ImageFormatError`` if the description is damaged.
    public init?(at path: String) throws(ImageFormatError) {
        let container = FileName.container(of: path)
        let inner = container.count < path.count ? path.dropFirst(container.count + 1) : ""
        let node = URL(filePath: container).appending(path: String(inner))
        guard ZarrImages.isNode(node), let group = Self.group(node),
            let fields = try Self.fields(of: group)
        else { return nil }
        self.path = path
        self.fields = fields
    }

    /// The inputs that name the fields, one for each.
    public var inputs: [String] {
        let start = FileName.container(of: path).count < path.count ? "\(path)/" : "\(path)#"
        return fields.map { start + $0 }
    }

    /// The paths of the fields of a plate or a well; nil if the group is something else.
    ///
    /// Fields of a well that is not there have its name, so that they are missed when they are opened.
    static func fields(of group: ZarrGroup) throws(ImageFormatError) -> [String]? {
        try zarr { () throws(ZarrError) in
            let attributes = try group.attributes()
            if let fields = OMEZarr.fieldPaths(attributes) { return fields }
            guard let wells = OMEZarr.wellPaths(attributes) else { return nil }
            var all: [String] = []
            for well in wells {
                guard group.contains(well) else {
                    all.append(well)
                    continue
                }
                let fields = OMEZarr.fieldPaths(try group.group(well).attributes()) ?? []
                all += fields.map { "\(well)/\($0)" }
            }
            return all
        }
    }

    private static func group(_ folder: URL) -> ZarrGroup? {
        do throws(ZarrError) {
            return try ZarrGroup(opening: folder)
        } catch {
            return nil
        }
    }
}
