import Foundation

/// A form in which the objects of an image are written.
public enum ResultKind: String, Hashable, Codable, Sendable, CaseIterable {
    /// A label image as TIFF.
    case tiff = "tif"
    /// A label image as OME-Zarr 0.4.
    case omeZarr = "ome-zarr"
    /// Annotations with run-length masks, as pycocotools reads them.
    case coco
    /// Outlines for QuPath.
    case geoJSON = "geojson"
    /// Regions of interest for ImageJ.
    case imageJRegions = "roi"
    /// A table of measurements.
    case table = "csv"
    /// Surfaces of the objects of a volume as a folder of binary STL files, one for each object.
    case stl
    /// Surfaces of the objects of a volume as one OBJ file.
    case obj
    /// A picture with contours, to look at.
    case overlay

    /// The forms that `--format` names.
    public static let formats = allCases.filter { $0 != .overlay }

    /// What follows the name of the image in the name of the file.
    public var ending: String {
        switch self {
        case .tiff: ".tif"
        case .omeZarr: ".ome.zarr"
        case .coco: ".coco.json"
        case .geoJSON: ".geojson"
        case .imageJRegions: "_rois.zip"
        case .table: ".csv"
        case .stl: "_stl"
        case .obj: ".obj"
        case .overlay: "_overlay.png"
        }
    }

    /// What follows the name of the image where each plane of a stack is a page of the picture.
    public static let stackOverlayEnding = "_overlay.tif"

    /// The endings of pictures with contours, which are never images or labels themselves.
    public static let overlayEndings = ["_overlay.png", stackOverlayEnding]

    /// Whether it is a label image.
    public var holdsLabels: Bool { self == .tiff || self == .omeZarr }

    /// Whether it holds surfaces, which only objects of volumes have.
    public var holdsMeshes: Bool { self == .stl || self == .obj }

    /// The endings by which a user's file name says that this form is meant, longest first.
    private var recognizedEndings: [String] {
        switch self {
        case .tiff: [".ome.tif", ".ome.tiff", ".tif", ".tiff"]
        case .omeZarr: [".ome.zarr", ".zarr"]
        case .coco: [".coco.json", ".json"]
        case .geoJSON: [".geojson"]
        case .imageJRegions: ["_rois.zip", ".zip"]
        case .table: [".csv"]
        case .obj: [".obj"]
        // A folder of several files has no ending of its own.
        case .stl, .overlay: []
        }
    }

    /// The form that a file name asks for, and the name without its ending; nil if it asks for none.
    public static func recognized(in path: String) -> (kind: ResultKind, stem: String)? {
        let name = path.lowercased()
        for kind in formats {
            for ending in kind.recognizedEndings
            where name.hasSuffix(ending) && name.count > ending.count {
                return (kind, String(path.dropLast(ending.count)))
            }
        }
        return nil
    }
}

extension [ResultKind] {
    /// These forms and further ones, pictures last.
    public func joined(with others: [ResultKind]) -> [ResultKind] {
        let all = self + others.filter { !contains($0) }
        return all.filter { $0 != .overlay } + all.filter { $0 == .overlay }
    }
}
