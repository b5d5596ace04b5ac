import Jobs
import Prompting
import Testing
import UsamCommands

@Suite("Errors of jobs on the command line")
struct JobErrorTests {
    @Test("Misuse is a sentence and has status 64; what the disk prevents has status 1")
    func status() {
        let misuse = ProgramEnd(OutputPlanError.severalImages(count: 2, output: "a.tif"))
        #expect(misuse.status == 64)
        #expect(
            misuse.message
                == "usam: 2 images can not go to one file; give a folder as output instead of 'a.tif'."
        )
        let failure = ProgramEnd(OutputPlanError.blockedFolder(folder: "a/b", file: "a"))
        #expect(failure.status == 1)
        #expect(failure.message == "usam: a/b: no folder can be made here, 'a' is a file")
    }

    @Test("Options are named by the command line, not by the library")
    func options() {
        let format = OutputPlanError.otherFormat(output: "a.tif", named: .tiff, wanted: [.table])
        #expect(!format.description.contains("--"))
        #expect(
            describe(format) == "The output 'a.tif' is named as tif, but --format asks for csv."
        )
        let settings = ManifestError.otherSettings(file: "m.jsonl", changes: [])
        #expect(
            !settings.description.contains("--") && describe(settings).hasSuffix("with --force")
        )
        let image = RerunError.unreadImage(reason: "a.tif: there is no such file", folder: nil)
        #expect(!image.description.contains("--") && describe(image).hasSuffix("with --images"))
    }
}
