import Foundation
import ImageFormats
import Jobs
import ModelZoo
import Prompting
import Segmentation
import Testing
import UsamCommands

@Suite("Errors of jobs on the command line")
struct JobErrorTests {
    @Test("Misuse is a sentence and has status 64; what the disk prevents has status 1")
    func status() {
        let misuse = Usam.ending(of: OutputPlanError.severalImages(count: 2, output: "a.tif"))
        #expect(misuse.status == 64)
        #expect(
            misuse.message
                == "usam: 2 images cannot go to one file; give a folder as output instead of 'a.tif'."
        )
        let failure = Usam.ending(of: OutputPlanError.blockedFolder(folder: "a/b", file: "a"))
        #expect(failure.status == 1)
        #expect(failure.message == "usam: a/b: no folder can be made here, because 'a' is a file")
    }

    private func words(_ error: any Error) -> String {
        String(Usam.ending(of: error).message.dropFirst("usam: ".count))
    }

    @Test("Options are named by the command line, not by the library")
    func options() {
        let format = OutputPlanError.otherFormat(output: "a.tif", named: .tiff, wanted: [.table])
        #expect(!format.description.contains("--"))
        #expect(
            words(format) == "The output 'a.tif' is named as tif, but --format asks for csv."
        )
        let stack = PlaneError.undecided(
            file: "a.tif",
            extents: [.init(axis: .channel, count: 2), .init(axis: .slice, count: 3)],
            open: [.init(axis: .channel, count: 2), .init(axis: .slice, count: 3)],
            channelNames: []
        )
        #expect(
            words(stack)
                == "a.tif: the image has 2 channels and 3 slices; choose a plane with --channel 0...1 "
                + "and --z 0...2, or segment each plane separately with 'usam segment --each-plane', "
                + "or all slices as one volume with 'usam segment --volume'"
        )
        let settings = ManifestError.otherSettings(file: "m.jsonl", changes: [])
        #expect(
            !settings.description.contains("--") && words(settings).hasSuffix("with --force")
        )
        let image = RerunError.unreadImage(reason: "a.tif: there is no such file", folder: nil)
        #expect(!image.description.contains("--") && words(image).hasSuffix("with --images"))
    }

    @Test("Commands are named by the command line, not by the library")
    func commands() throws {
        let begun = EmbeddingStoreError.incomplete(path: "a.zarr")
        #expect(
            words(begun)
                == "a.zarr: the embeddings are incomplete; run 'usam embed' again with the same arguments "
                + "to continue"
        )
        let unknown = ModelZooError.unknownName("a", suggestions: [])
        #expect(
            words(unknown)
                == "'a' is neither the name of a model nor an existing file. 'usam models list' shows "
                + "the names."
        )
        let url = try #require(URL(string: "https://a.org/b"))
        let missing = ModelZooError.notDownloaded(name: "vit_b", file: "m/b", url: url)
        #expect(
            words(missing)
                == "The model 'vit_b' is not on this machine. Get it with 'usam models fetch vit_b', "
                + "or download https://a.org/b elsewhere and store it as m/b. The model 'usam-tiny' "
                + "works without any download."
        )
        for error in [begun, unknown, missing] as [any Error] {
            #expect(!"\(error)".contains("usam "))
        }
    }
}
