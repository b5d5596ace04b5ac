import ImageFormats
import Jobs
import Prompting
import Testing

@Suite("Planes of an image")
struct PlaneSelectionTests {
    @Test("An image of several planes needs a choice, and the message lists the axes")
    func planes() throws {
        let axes = ImageAxes(t: 1, c: 3, z: 16, y: 5, x: 7)
        let error = #expect(throws: JobFailure.self) {
            try PlaneSelection(channel: 1)
                .plane(of: axes, channelNames: ["DAPI", "GFP", "RFP"], file: "s.tif")
        }
        let message = try #require(error?.message)
        #expect(message.contains("3 channels (DAPI, GFP, RFP) and 16 slices"))
        #expect(message.contains("--z 0...15") && !message.contains("--channel 0"))
        #expect(throws: JobFailure.self) {
            try PlaneSelection(channel: 3, z: 0).plane(of: axes, file: "s.tif")
        }
        #expect(
            try PlaneSelection(channel: 2, z: 15).plane(of: axes, file: "s.tif")
                == PlaneIndex(c: 2, z: 15)
        )
        #expect(
            try PlaneSelection().plane(of: ImageAxes(y: 5, x: 7), file: "s.tif") == PlaneIndex()
        )
    }
}
