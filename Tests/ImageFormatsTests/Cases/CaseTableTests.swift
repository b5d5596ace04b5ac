import Foundation
import ImageFormats
import Imaging
import Prompting
import TestFixtures
import Testing

/// The planes of `../shared/cases/README.md` by the number of their discs, through the one way from a
/// file to pixels that segmentation, prompts, training and evaluation have.
@Suite("Cases of users, plane by plane")
struct CaseTableTests {
    /// A plane of a case, and how many discs it shows.
    struct Row: Sendable, CustomTestStringConvertible {
        let path: String
        var channel: ChannelChoice?
        var z: Int?
        var t: Int?
        let discs: Int

        var testDescription: String {
            "\(path) channel \(channel.map { "\($0)" } ?? "-") z \(z ?? 0) t \(t ?? 0)"
        }

        var selection: PlaneSelection {
            var selection = PlaneSelection(z: z, t: t)
            selection.channels = channel.map { [$0] } ?? []
            return selection
        }
    }

    static let rows = [
        Row(path: "ome_multifile/scan_ch0.ome.tif", channel: .name("DAPI"), discs: 12),
        Row(path: "ome_multifile/scan_ch0.ome.tif", channel: .name("gfp"), discs: 5),
        Row(path: "ome_multifile/scan_ch1.ome.tif", channel: .number(0), discs: 12),
        Row(path: "ome_multifile/scan_ch1.ome.tif", channel: .number(1), discs: 5),
        Row(path: "lsm/stack.lsm", channel: .number(0), z: 0, discs: 2),
        Row(path: "lsm/stack.lsm", channel: .number(0), z: 3, discs: 5),
        Row(path: "lsm/stack.lsm", channel: .number(1), z: 3, discs: 3),
        Row(path: "stk/timelapse.stk", z: 0, discs: 2),
        Row(path: "stk/timelapse.stk", z: 3, discs: 5),
        Row(path: "shaped/cyx.tif", channel: .number(0), discs: 12),
        Row(path: "shaped/cyx.tif", channel: .number(1), discs: 5),
        Row(path: "dpi/screen72.png", discs: 12),
        Row(path: "imagej_onepage/hyperstack_t4.tif", t: 0, discs: 2),
        Row(path: "imagej_onepage/hyperstack_t4.tif", t: 3, discs: 5),
        Row(path: "ome_xml/entity.ome.tif", channel: .name("DAPI"), discs: 12),
        Row(path: "ome_xml/entity.ome.tif", channel: .name("GFP"), discs: 5),
        Row(path: "zarr_missing_level/missing.ome.zarr", discs: 12),
        Row(path: "plate/single.zarr", channel: .name("DAPI"), discs: 4),
        Row(path: "plate/single.zarr", channel: .name("GFP"), discs: 2),
        Row(path: "hdf5/ilastik_yxc1.h5", discs: 12),
        Row(path: "n5/raw2d.n5", discs: 12),
        Row(path: "units/unit_latin1.tif", discs: 12),
        Row(path: "sloppy_tiff/interrupted.tif", z: 0, discs: 2),
        Row(path: "sloppy_tiff/interrupted.tif", z: 2, discs: 4),
        Row(path: "values/float_tiny.tif", discs: 12),
        Row(path: "prompt_tables/image.tif", discs: 12),
        Row(path: "rois/image.tif", discs: 12),
    ]

    @Test("The plane that is chosen is the one that is read, whole and by region", arguments: rows)
    func planes(row: Row) throws {
        guard let file = Fixtures.cases?.appending(path: row.path).path else { return }
        let plane = try PlaneSource(opening: file, row.selection)
        let pixels = try plane.read(Region(plane.size))
        #expect(try pixels.floats().discs() == row.discs)
        let (width, height) = (plane.size.width / 2, plane.size.height / 3)
        let part = Region(x: 7, y: 5, width: width, height: height)
        #expect(try plane.read(part) == pixels.cropped(to: part))
    }

    @Test(
        "Without a choice, the axes that are open are named",
        arguments: rows.filter { row in
            row.channel != nil || row.z != nil || row.t != nil
        }
    )
    func undecided(row: Row) throws {
        guard let file = Fixtures.cases?.appending(path: row.path).path else { return }
        let error = #expect(throws: PlaneError.self) { try PlaneSource(opening: file) }
        guard case .undecided(_, _, let open, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let axes = open.map(\.axis)
        #expect(axes.contains(.channel) == (row.channel != nil))
        #expect(axes.contains(.slice) == (row.z != nil))
        #expect(axes.contains(.timePoint) == (row.t != nil))
    }

    @Test(
        "Training and evaluation read the same planes",
        arguments: [
            ("hdf5/ilastik_yxc1.h5", nil), ("ome_xml/entity.ome.tif", 0), ("shaped/cyx.tif", 1),
            ("n5/raw2d.n5", nil), ("ome_multifile/scan_ch1.ome.tif", 0),
        ] as [(String, Int?)]
    )
    func annotated(path: String, channel: Int?) throws {
        guard let folder = Fixtures.cases else { return }
        let file = folder.appending(path: path).path
        let pair = AnnotatedImage(
            image: file,
            labels: folder.appending(path: "hdf5/truth.tif").path,
            reading: AnnotatedImage.ReadingOptions(channels: channel.map { [$0] })
        )
        let planes = try AnnotatedPlanes(opening: pair)
        var selection = PlaneSelection()
        selection.channels = channel.map { [.number($0)] } ?? []
        let plane = try PlaneSource(opening: file, selection)
        let size = plane.size
        #expect(planes.size == size)
        #expect(try planes.pixels(plane: 0).read(Region(size)) == plane.read(Region(size)))
    }
}
