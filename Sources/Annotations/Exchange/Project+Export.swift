import Files
public import Foundation
import ImageFormats
import Imaging
public import Prompting

extension Project {
    /// The names of results without their ending, one for each image: those of the files, with the number of
    /// the image behind where several have the same.
    public func resultNames() throws(ProjectError) -> [Int64: String] {
        let images = try images()
        let stems = images.map { FileName.stem(path(of: $0.entry)) }
        let counts = Dictionary(stems.map { ($0.lowercased(), 1) }, uniquingKeysWith: +)
        return Dictionary(
            uniqueKeysWithValues: zip(images, stems).map { image, stem in
                (image.id, counts[stem.lowercased()] == 1 ? stem : "\(stem)_\(image.id)")
            }
        )
    }

    /// Writes the objects of an image, in the same forms as automatic segmentation does.
    ///
    /// Each file replaces an older one when it is complete. Tables and pictures read the image.
    ///
    /// - Parameters:
    ///   - kinds: The forms.
    ///   - stem: Folder and name of the results, to which the ending of each form is added. The folder must
    ///     exist.
    ///   - work: May be cancelled between two planes.
    /// - Returns: The files, in the order of the forms.
    /// - Throws: ``ProjectError``; ``ExchangeError``; errors of `ImageFormats`; `CancellationError`.
    @discardableResult
    public func export(
        _ image: Int64,
        as kinds: [ResultKind],
        to stem: String,
        _ work: Work = Work()
    ) throws -> [URL] {
        let image = try self.image(image)
        let stem = OutputFile(stem).path
        let sources = try images().flatMap { files(of: $0.entry) }
        for file in kinds.map({ stem + $0.ending })
        where OutputFile(file).replaced(among: sources) != nil {
            throw ExchangeError.replacesImage(file: file)
        }
        return try kinds.map { kind in
            let url = URL(filePath: stem + kind.ending)
            try ResultWriter(self, image, work).write(kind, to: url)
            return url
        }
    }
}

/// Writes the objects of an image in one form.
private struct ResultWriter {
    let project: Project
    let image: ProjectImage
    let work: Work
    private let source: AnnotatedSource

    init(_ project: Project, _ image: ProjectImage, _ work: Work) {
        (self.project, self.image, self.work) = (project, image, work)
        source = AnnotatedSource(image.entry, path: project.path(of: image.entry))
    }

    private var shape: ImageShape { image.entry.shape }
    private var isStack: Bool { shape.t * shape.z > 1 }
    private var places: [PlaneIndex] {
        (0..<shape.t).flatMap { t in (0..<shape.z).map { PlaneIndex(t: t, z: $0) } }
    }
    private var axes: ImageAxes { ImageAxes(t: shape.t, z: shape.z, y: shape.y, x: shape.x) }

    private func labels(_ place: PlaneIndex) throws -> LabelImage {
        try work.checkpoint()
        return try project.labelImage(image: image.id, t: place.t, z: place.z)
    }

    /// 16 bits where all labels fit.
    private func labelType() throws -> SampleType {
        let largest = try project.objects(image: image.id).last?.label ?? 0
        return largest <= UInt32(UInt16.max) ? .uint16 : .uint32
    }

    func write(_ kind: ResultKind, to url: URL) throws {
        if isStack, ![.tiff, .omeZarr, .table, .stl, .obj].contains(kind) {
            throw ExchangeError.severalPlanes(image: image.entry.name, kind: kind.rawValue)
        }
        let first = PlaneIndex()
        switch kind {
        case .tiff: try writeTIFF(to: url)
        case .omeZarr: try writeZarr(to: url)
        case .coco:
            let objects = try project.objects(image: image.id)
            let scores = objects.compactMap { object in object.score.map { (object.label, $0) } }
            try labels(first).writeCOCO(
                to: url,
                imageName: FileName.last(of: image.entry.path),
                scores: Dictionary(scores, uniquingKeysWith: { first, _ in first }),
                words: try objectWords()
            )
        case .geoJSON: try labels(first).writeGeoJSON(to: url, words: try objectWords())
        case .imageJRegions: try labels(first).writeImageJROIs(to: url)
        case .table: try writeTable(to: url)
        case .stl, .obj: try writeMeshes(kind, to: url)
        case .overlay:
            let picture = try source.read(first, channels: 3).renderedForDisplay()
            try AnyRaster.uint8(labels(first).overlay(on: picture)).writePNG(to: url)
        }
    }

    private func writeTIFF(to url: URL) throws {
        guard isStack else {
            return try labels(PlaneIndex()).writeTIFF(to: url, physicalSize: source.physicalSize)
        }
        let type = try labelType()
        var writer = try TIFFWriter(
            creating: url,
            axes: axes,
            sampleType: type,
            options: .init(usesPredictor: false, physicalSize: source.physicalSize)
        )
        for place in places {
            let labels = try labels(place)
            let raster = try Raster(size: labels.size, samples: labels.labels)
            try writer.append(
                type == .uint16
                    ? .uint16(raster.map { UInt16(truncatingIfNeeded: $0) }) : .uint32(raster)
            )
        }
        try writer.finish()
    }

    /// Writes a folder beside the destination, which then takes its place.
    private func writeZarr(to url: URL) throws {
        let tag = UUID().uuidString.prefix(8)
        let draft = URL(
            filePath: FileName.join(
                FileName.folder(of: url.path),
                ".\(url.lastPathComponent).\(tag).part"
            )
        )
        do {
            let writer = try OMEZarrLabelWriter(
                creating: draft,
                axes: axes,
                sampleType: labelType(),
                options: .init(physicalSize: source.physicalSize)
            )
            for place in places { try writer.write(labels(place), to: place) }
            try writer.finish()
            if FileStatus(of: url.path) != nil { try FileManager.default.removeItem(at: url) }
            try FileManager.default.moveItem(at: draft, to: url)
        } catch {
            try? FileManager.default.removeItem(at: draft)
            throw error
        }
    }

    /// Writes the surfaces of the objects of a stack, in which an object has one label in all slices.
    private func writeMeshes(_ kind: ResultKind, to url: URL) throws {
        guard shape.z > 1, shape.t == 1 else {
            throw ExchangeError.noVolume(image: image.entry.name, kind: kind.rawValue)
        }
        var meshes = try StackMeshes(
            in: FileName.folder(of: url.path),
            size: Size(width: shape.x, height: shape.y),
            source.physicalSize
        )
        for place in places { try meshes.append(labels(place)) }
        guard kind == .stl else { return try meshes.writeOBJ(to: url) }
        let folder = try FolderReplacement(of: url.path) { !StackMeshes.isOtherThanMeshes($0) }
        try meshes.writeSTL(to: URL(filePath: folder.temporaryPath))
        try folder.commit()
    }

    /// What people say of objects, by label.
    private func objectWords() throws -> [UInt32: ObjectWords] {
        let pairs = try project.objects(image: image.id).map { object in
            (object.label, ObjectWords(category: object.category, name: object.name))
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// The same for tables: the columns that have a value.
    private func words() throws -> [(column: String, values: [UInt32: String])] {
        let objects = try project.objects(image: image.id)
        func values(_ member: (AnnotatedObject) -> String?) -> [UInt32: String] {
            let pairs = objects.compactMap { object in member(object).map { (object.label, $0) } }
            return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
        }
        return [("class", values(\.category)), ("name", values(\.name))]
            .filter { !$0.values.isEmpty }
    }

    private func writeTable(to url: URL) throws {
        let words = try words()
        var table: CSVTable?
        for place in places {
            let pixels = try source.read(place)
            let objects = ObjectTable(
                try labels(place).measurements(of: pixels),
                physicalSize: source.physicalSize,
                channelNames: source.channelNames(of: pixels),
                channelCount: pixels.channels
            )
            let cells = isStack ? ["\(place.t)", "\(place.z)"] : []
            let header = (isStack ? ["t", "z"] : []) + objects.columns + words.map(\.column)
            var rows = table ?? CSVTable(header: header)
            rows.rows += zip(objects.objects, objects.rows).map { object, row in
                cells + row + words.map { $0.values[object.label] ?? "" }
            }
            table = rows
        }
        try ObjectTable.write(csv: table?.text ?? "", to: url)
    }
}
