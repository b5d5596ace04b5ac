import Files
import Foundation
import Imaging
import Prompting

/// The series that OME-XML describes.
///
/// A plane is in the file that the description names for it: the one that was opened, or one beside it.
/// A series of this file is an image of which a plane is in it.
struct OMELayouts {
    private let metadata: OMEMetadata
    private let source: TIFFSource
    private let files: OMEFiles

    /// Why another file, which holds the description, is of no use.
    private var problem: ReadingNote?

    init(_ metadata: OMEMetadata, _ source: TIFFSource) {
        self.source = source
        var metadata = metadata
        let own = metadata.uuid
        if metadata.images.isEmpty, let file = metadata.metadataFile {
            let name = (file as NSString).lastPathComponent
            let path = FileName.join(
                (source.limits.path as NSString).deletingLastPathComponent,
                name
            )
            if let found = OMEMetadata(companion: path), !found.images.isEmpty {
                metadata = found
            } else {
                problem = .descriptionUnusable(
                    format: "OME-XML",
                    reason: "it is in \(name), which is not beside this file or cannot be read"
                )
            }
        }
        self.metadata = metadata
        files = OMEFiles(metadata.images, path: source.limits.path, uuid: own)
    }

    /// The series; none if the description does not fit the pages.
    func layouts(_ notes: inout [ReadingNote]) throws(ImageFormatError) -> [TIFFLayout] {
        if let reason = metadata.problem, !metadata.images.isEmpty {
            notes.append(.descriptionDamaged(format: "OME-XML", reason: reason))
        }
        var layouts: [TIFFLayout] = []
        var pages = OMEPages()
        var elsewhere = 0
        for image in metadata.images {
            if !files.hasPlanes(of: image) {
                elsewhere += 1
            } else if let layout = layout(image, countedFrom: &pages, &notes) {
                layouts.append(layout)
            }
        }
        if layouts.isEmpty {
            let reason =
                elsewhere > 0 && elsewhere == metadata.images.count
                ? "it is about \(Wording.list(Array(files.names.prefix(3)))), and this file has "
                    + "another name"
                : metadata.images.isEmpty ? "it names no image" : "it does not fit the pages"
            notes.append(problem ?? .descriptionUnusable(format: "OME-XML", reason: reason))
        } else {
            if elsewhere > 0 { notes.append(.imagesElsewhere(elsewhere)) }
            let unnamed = source.list.planes.count { !pages.named.contains($0) }
            if unnamed > 0 { notes.append(.pagesUnnamed(unnamed)) }
        }
        return layouts
    }

    /// The layout of an image with the channels that it counts; with those that it names where it counts none,
    /// or fewer although the planes of all are there.
    private func layout(
        _ image: OMEMetadata.Image,
        countedFrom pages: inout OMEPages,
        _ notes: inout [ReadingNote]
    ) -> TIFFLayout? {
        // Pages behind those of one image may belong to the next.
        let isNumbered = !image.data.isEmpty && image.data.allSatisfy { $0.page != nil }
        let isClear = metadata.images.count == 1 || isNumbered
        if let named = image.withNamedChannels, image.statedC == nil || isClear {
            var after = pages
            if let layout = layout(named, from: &after),
                image.statedC == nil || !layout.lacksPlanes
            {
                pages = after
                let note = ReadingNote.channelsNamed(named.c, counted: image.statedC)
                if !notes.contains(note) { notes.append(note) }
                return layout
            }
        }
        return layout(image, from: &pages)
    }

    private func layout(_ image: OMEMetadata.Image, from used: inout OMEPages) -> TIFFLayout? {
        let pages = source.list.pages
        let own = image.data.first { files.place(of: $0) == .opened }
        let start = own.map { $0.page ?? used.next } ?? used.next
        guard pages.indices.contains(start), let first = pages[start], first.width == image.x,
            first.height == image.y
        else { return nil }
        let perPage = first.samplesPerPixel
        guard image.c % perPage == 0 else { return nil }
        let axes = ImageAxes(t: image.t, c: image.c / perPage, z: image.z, y: image.y, x: image.x)
        guard var map = TIFFPlaneMap(axes: axes, order: image.dimensionOrder) else { return nil }
        var missing: [Int: String] = [:]
        var names: [String] = []
        var ends = used
        for block in image.data.isEmpty ? [OMEMetadata.TIFFData()] : image.data {
            let place = files.place(of: block)
            let range = planes(block, of: image, map)
            let page = block.page ?? (place == .opened ? used.next : 0)
            for (offset, plane) in range.enumerated() {
                let number = page + offset
                switch place {
                case .opened:
                    ends.named.insert(number)
                    guard pages.indices.contains(number),
                        pages[number]?.isSimilar(to: first) == true
                    else { continue }
                    map.set(plane, to: TIFFPlace(page: number))
                    ends.next = max(ends.next, number + 1)
                case .beside(let name):
                    let file = names.firstIndex(of: name) ?? names.count
                    if file == names.count { names.append(name) }
                    map.set(plane, to: TIFFPlace(file: file + 1, page: number))
                case .absent(let name): missing[map.position(plane)] = name
                }
            }
        }
        used = ends
        return finished(image, first, map, names, missing)
    }

    private func finished(
        _ image: OMEMetadata.Image,
        _ first: TIFFPage,
        _ map: TIFFPlaneMap,
        _ names: [String],
        _ missing: [Int: String]
    ) -> TIFFLayout? {
        let isAlone = metadata.images.count == 1
        guard isAlone || map.found > 0 else { return nil }
        var layout = TIFFLayout(
            format: "OME-TIFF",
            page: first,
            planes: map,
            path: source.limits.path
        )
        layout.name = image.name
        layout.physicalSize = image.physicalSize
        layout.hasDisplayPalette = true
        layout.channelNames = image.channels.flatMap { channel in
            layout.samplesAreChannels
                ? [String](repeating: channel.name, count: channel.samplesPerPixel)
                : [channel.name]
        }
        if layout.channelNames.allSatisfy(\.isEmpty) { layout.channelNames = [] }
        layout.files = names
        layout.missing = missing.filter { map.places[$0.key] == nil }
        let absent = Set(layout.missing.values).sorted()
        if !absent.isEmpty {
            layout.notes.append(.filesMissing(absent, planes: layout.missing.count))
        }
        layout.note(OMEShortFiles(map, names, besides: source.limits.path))
        layout.cutToFound()
        return layout
    }

    /// The numbers of the planes that a block holds.
    private func planes(
        _ block: OMEMetadata.TIFFData,
        of image: OMEMetadata.Image,
        _ map: TIFFPlaneMap
    ) -> Range<Int> {
        let all = map.places.count
        let first = map.number(of: block.first)
        let shares = max(1, Set(image.data.compactMap(\.fileName)).count)
        let count = block.planeCount ?? (block.page == nil ? (all + shares - 1) / shares : 1)
        return first..<min(all, first + min(count, all))
    }
}
