import Files
import Foundation
import Testing

@Suite("Names of files")
struct NameTests {
    @Test("Numbers in names are compared by value")
    func naturalOrder() {
        let names = ["t10.tif", "t2.tif", "T1.tif", "t02b.tif", "a.tif", "t2.tiff"]
        let sorted = names.sorted { $0.naturallyPrecedes($1) }
        #expect(sorted == ["a.tif", "T1.tif", "t2.tif", "t2.tiff", "t02b.tif", "t10.tif"])
        #expect(!"x".naturallyPrecedes("x"))
        #expect("img".naturallyPrecedes("img1"))
        #expect(
            "9".naturallyPrecedes("10000000000000000000000000000001")
                && "a99999999999999999998".naturallyPrecedes("a99999999999999999999")
        )
    }

    @Test(
        "Results are named after the image, without its ending and data set",
        arguments: [
            ("a/cells.png", "cells"), ("cells.ome.tif", "cells"), ("c.d.tif", "c.d"),
            ("x.ome.zarr/", "x"), ("volume.h5#raw/0", "volume"), ("none", "none"),
            (".ome.tif", ".ome"), ("a.OME.tiff", "a"), ("#odd", "#odd"),
        ]
    )
    func stems(path: String, stem: String) {
        #expect(FileName.stem(path) == stem)
    }

    @Test("The data set of a container may stay in the name, so that several of one file differ")
    func datasets() {
        #expect(FileName.stem("x/volume.h5#raw/0", dataset: .kept) == "volume_raw_0")
        #expect(FileName.stem("x/a.ome.zarr#1/", dataset: .kept) == "a_1")
        #expect(FileName.stem("x/a.tif", dataset: .kept) == "a")
        #expect(FileName.container(of: "x/volume.h5#raw/0") == "x/volume.h5")
    }

    @Test("A file whose name has a number sign is no container")
    func sign() throws {
        let place = try TemporaryFolder()
        let path = try place.write([1], to: "plate#3.tif")
        #expect(FileName.container(of: path) == path)
        #expect(FileName.stem(path, dataset: .kept) == "plate#3")
    }

    @Test("Paths are taken apart and put together without becoming absolute")
    func parts() {
        #expect(FileName.trimmed("a/b//") == "a/b" && FileName.trimmed("/") == "/")
        #expect(FileName.folder(of: "a.tif") == "." && FileName.folder(of: "/a") == "/")
        #expect(FileName.folder(of: "x//a.tif") == "x")
        #expect(FileName.last(of: "x/a.tif/") == "a.tif" && FileName.last(of: "/") == "/")
        #expect(FileName.join(".", "a") == "a" && FileName.join("/", "a") == "/a")
        #expect(FileName.join("x", "a") == "x/a")
    }

    @Test("A pattern finds files in natural order; a name without wildcards is none")
    func patterns() throws {
        let place = try TemporaryFolder()
        for name in ["a10.tif", "a2.tif", "b.tif"] { try place.write([1], to: name) }
        let pattern = try #require(FilePattern(place.path("a*.tif")))
        #expect(pattern.matches() == ["a2.tif", "a10.tif"].map(place.path))
        #expect(FilePattern("a.tif") == nil)
    }

    @Test("A path through a folder that is not there yet leads where it will lead")
    func settled() throws {
        let folder = FileManager.default.temporaryDirectory.path
        #expect(OutputFile("none-\(UUID())/../a/b.tif").path == "a/b.tif")
        #expect(OutputFile("\(folder)/none-\(UUID())/x/../../b.tif").path == "\(folder)/b.tif")
        #expect(OutputFile("\(folder)/../b.tif").path == "\(folder)/../b.tif")
        #expect(OutputFile("../a/b..tif").path == "../a/b..tif")
    }

    @Test("An input that would be written over is named, however it is written")
    func replaced() throws {
        let place = try TemporaryFolder()
        let inputs = [place.path("other"), try place.write([1], to: "a.h5") + "#raw"]
        for name in ["a.h5", "new/../a.h5", "./a.h5"] {
            #expect(OutputFile(place.path(name)).replaced(among: inputs) == inputs[1])
        }
        #expect(OutputFile(place.path("b.h5")).replaced(among: inputs) == nil)
    }
}
