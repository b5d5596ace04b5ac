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
    @Test(
        "The plane that is chosen is the one that is read, whole and by region",
        arguments: CasePlane.all
    )
    func planes(row: CasePlane) throws {
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
        arguments: CasePlane.all.filter { row in
            row.channel != nil || row.z != nil || row.t != nil
        }
    )
    func undecided(row: CasePlane) throws {
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

extension CasePlane {
    /// The options that choose the plane.
    fileprivate var selection: PlaneSelection {
        var selection = PlaneSelection(z: z, t: t)
        selection.channels = channel.flatMap { ChannelChoice($0) }.map { [$0] } ?? []
        return selection
    }
}
