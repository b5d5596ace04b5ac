import Imaging

/// The series that OME-XML describes; nil if the description does not fit the pages.
func omeLayouts(_ metadata: OMEMetadata, pages: [TIFFPage?], path: String) -> [TIFFLayout]? {
    var layouts: [TIFFLayout] = []
    var next = 0
    for image in metadata.images {
        let isAlone = metadata.images.count == 1
        guard let layout = omeLayout(image, pages, from: &next, isAlone: isAlone, path: path) else {
            // An image whose pixels are in other files is no series of this one.
            continue
        }
        layouts.append(layout)
    }
    return layouts.isEmpty ? nil : layouts
}

/// - Parameter next: The page where an image without page numbers begins; moved behind it.
private func omeLayout(
    _ image: OMEMetadata.Image,
    _ pages: [TIFFPage?],
    from next: inout Int,
    isAlone: Bool,
    path: String
) -> TIFFLayout? {
    let start = image.data.first?.page ?? next
    guard pages.indices.contains(start), let first = pages[start], first.width == image.x,
        first.height == image.y
    else { return nil }
    let perPage = first.samplesPerPixel
    guard image.c % perPage == 0, image.z > 0, image.c > 0, image.t > 0 else { return nil }
    let axes = ImageAxes(t: image.t, c: image.c / perPage, z: image.z, y: image.y, x: image.x)
    let (planes, overflow) = (axes.c * axes.z).multipliedReportingOverflow(by: axes.t)
    guard axes.c < 1 << 20, axes.z < 1 << 20, !overflow, planes <= 1 << 20 else { return nil }
    var map = PlaneMap(axes: axes, order: image.dimensionOrder)
    map.fill(from: image.data, pages: pages, next: next, similar: first)
    next = start + planes
    guard isAlone || map.pages.contains(where: { $0 != nil }) else { return nil }
    var layout = TIFFLayout(
        format: "OME-TIFF",
        axes: axes,
        page: first,
        pages: map.pages,
        path: path
    )
    layout.name = image.name
    layout.physicalSize = image.physicalSize
    layout.hasDisplayPalette = true
    layout.channelNames = image.channels.flatMap { channel in
        layout.samplesAreChannels
            ? [String](repeating: channel.name, count: channel.samplesPerPixel) : [channel.name]
    }
    if layout.channelNames.allSatisfy(\.isEmpty) { layout.channelNames = [] }
    layout.otherFile = map.otherFile
    return layout
}

/// Which page holds which plane, filled from the `TiffData` elements.
private struct PlaneMap {
    let axes: ImageAxes
    var pages: [TIFFPage?]
    var otherFile: String?

    /// The axes from fastest to slowest, among `z`, `c`, `t`.
    private let order: [Character]

    init(axes: ImageAxes, order: String) {
        self.axes = axes
        pages = Array(repeating: nil, count: axes.t * axes.c * axes.z)
        let named = order.uppercased().filter { "ZCT".contains($0) }
        self.order = Set(named).count == 3 && named.count == 3 ? Array(named) : ["C", "Z", "T"]
    }

    mutating func fill(
        from data: [OMEMetadata.TIFFData],
        pages source: [TIFFPage?],
        next: Int,
        similar first: TIFFPage
    ) {
        let files = Set(data.compactMap(\.fileName))
        let blocks = data.isEmpty ? [OMEMetadata.TIFFData()] : data
        for block in blocks {
            // Files are renamed by users: one name for all is this file, whatever it says.
            if files.count > 1, let file = block.fileName, file != data.first?.fileName {
                otherFile = file
                continue
            }
            let count = block.planeCount ?? (block.page == nil ? pages.count : 1)
            var plane = index(of: block.first)
            var page = block.page ?? next
            for _ in 0..<min(count, pages.count) {
                guard plane < pages.count, source.indices.contains(page) else { break }
                if let found = source[page], found.isSimilar(to: first) {
                    pages[position(plane)] = found
                }
                plane += 1
                page += 1
            }
        }
    }

    private func extent(_ axis: Character) -> Int {
        axis == "Z" ? axes.z : axis == "C" ? axes.c : axes.t
    }

    /// The number of planes before this one in the order of the file.
    private func index(of plane: PlaneIndex) -> Int {
        var result = 0
        for axis in order.reversed() {
            let value = axis == "Z" ? plane.z : axis == "C" ? plane.c : plane.t
            guard value < extent(axis) else { return pages.count }
            result = result * extent(axis) + value
        }
        return result
    }

    /// The place in `pages` of the plane with this number in the order of the file.
    private func position(_ index: Int) -> Int {
        var rest = index
        var plane = PlaneIndex()
        for axis in order {
            let value = rest % extent(axis)
            rest /= extent(axis)
            switch axis {
            case "Z": plane.z = value
            case "C": plane.c = value
            default: plane.t = value
            }
        }
        return (plane.t * axes.c + plane.c) * axes.z + plane.z
    }
}
