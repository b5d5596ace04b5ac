import Files
public import Foundation
public import Imaging

/// The outlines of the objects of a stack for QuPath, plane after plane.
public struct StackGeoJSON: Sendable {
    private var features: [String] = []

    /// Begins without objects.
    public init() {}

    /// Adds the objects of a plane.
    public mutating func append(_ labels: LabelImage, of plane: PlaneIndex) {
        features += labels.features(GeoJSONOptions(plane: plane))
    }

    /// Writes all planes; an existing file is replaced only when the new one is complete.
    ///
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func write(to url: URL) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in
            try file.append("{\"type\": \"FeatureCollection\", \"features\": [\n")
            try file.append(features.joined(separator: ",\n"))
            try file.append("\n]}\n")
        }
    }
}

/// The masks of the objects of a stack as COCO annotations: each plane is an image with its `t` and `z`.
public struct StackCOCO: Sendable {
    private let name: String
    private var images: [String] = []
    private var annotations: [String] = []
    private var offset = 0

    /// Begins without objects.
    ///
    /// - Parameter imageName: The name of the image file that was segmented.
    public init(imageName: String) { name = imageName }

    /// Adds the objects of a plane; their numbers go on where those of the plane before end.
    public mutating func append(_ labels: LabelImage, of plane: PlaneIndex) {
        images.append(labels.cocoImage(images.count + 1, name, plane: plane))
        annotations += labels.cocoAnnotations(image: images.count, [:], offset: offset)
        offset += Int(labels.labels.max() ?? 0)
    }

    /// Writes all planes; an existing file is replaced only when the new one is complete.
    ///
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func write(to url: URL) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in
            try file.append(LabelImage.cocoHead(images) + "\n")
            try file.append(annotations.joined(separator: ",\n"))
            try file.append("\n]}\n")
        }
    }
}

/// The objects of a stack as an archive of ImageJ regions, each with its place in the stack.
public struct StackRegions: ~Copyable {
    private var archive: ZipWriter<FileReplacement>
    private let axes: ImageAxes

    /// Begins an archive beside its destination.
    ///
    /// - Parameter axes: Of the stack.
    /// - Throws: ``ImageFormatError`` if the folder cannot be written to.
    public init(creating url: URL, axes: ImageAxes) throws(ImageFormatError) {
        do throws(ZipError) {
            archive = try ZipWriter(replacing: url.path)
        } catch {
            throw ImageFormatError(writing: error)
        }
        self.axes = axes
    }

    /// Adds the objects of a plane, as ImageJ counts planes: from 1, z before t.
    ///
    /// - Parameter place: Where the plane is in the stack.
    public mutating func append(
        _ labels: LabelImage,
        at place: PlaneIndex
    ) throws(ImageFormatError) {
        let slice = place.t * axes.z + place.z + 1
        let number = "\(slice)"
        let prefix = String(repeating: "0", count: max(4 - number.count, 0)) + number + "-"
        do throws(ZipError) {
            try labels.appendRegions(
                to: &archive,
                slice,
                prefix: prefix,
                hyperstack: axes.t > 1 && axes.z > 1 ? place : nil
            )
        } catch {
            throw ImageFormatError(writing: error)
        }
    }

    /// Completes the archive and gives it its name.
    public consuming func finish() throws(ImageFormatError) {
        do throws(ZipError) {
            try archive.commit()
        } catch {
            throw ImageFormatError(writing: error)
        }
    }
}
