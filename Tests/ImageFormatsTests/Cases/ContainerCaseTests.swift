import Foundation
import ImageFormats
import Imaging
import Testing

/// The containers of users' reports beside the checkout.
@Suite("Containers of the cases")
struct ContainerCaseTests {
    @Test("A list of levels that is longer than what is there")
    func missingLevel() throws {
        guard let source = try SharedCases.open("zarr_missing_level/missing.ome.zarr") else {
            return
        }
        #expect(source.description.levels.count == 1)
        #expect(!source.description.physicalSize.isEmpty)
        #expect(source.noteText.contains("resolution levels are missing"))
        _ = try source.read()
    }

    @Test("A plate with one field")
    func plate() throws {
        guard let source = try SharedCases.open("plate/single.zarr") else { return }
        #expect(source.description.axes.c == 2 && !source.description.channelNames.isEmpty)
        #expect(!source.description.physicalSize.isEmpty)
    }

    @Test("A plane of ilastik, and its labels")
    func ilastik() throws {
        guard let source = try SharedCases.open("hdf5/ilastik_yxc1.h5"),
            let labels = try SharedCases.open("hdf5/ilastik_labels_yxc1.h5"),
            let folder = SharedCases.folder
        else { return }
        #expect(source.description.axes == ImageAxes(y: 200, x: 240))
        #expect(labels.description.axes == ImageAxes(y: 200, x: 240))
        let truth = try SharedCases.open("hdf5/truth.tif")?.readLabels()
        #expect(try labels.readLabels() == truth)
        let pair = AnnotatedImage(
            image: folder.appending(path: "hdf5/ilastik_yxc1.h5").path,
            labels: folder.appending(path: "hdf5/ilastik_labels_yxc1.h5").path
        )
        #expect(try AnnotatedPlanes(opening: pair).size == Size(width: 240, height: 200))
    }

    @Test("N5 with one data set")
    func n5() throws {
        guard let source = try SharedCases.open("n5/raw2d.n5") else { return }
        #expect(source.description.axes.z == 1 && source.description.axes.t == 1)
        #expect(try source.discs() > 0)
    }
}
