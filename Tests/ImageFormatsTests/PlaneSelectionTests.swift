import ImageFormats
import Prompting
import Testing

@Suite("Planes of an image")
struct PlaneSelectionTests {
    @Test("An image of several planes needs a choice, and the message lists the axes")
    func planes() throws {
        let axes = ImageAxes(t: 1, c: 3, z: 16, y: 5, x: 7)
        let error = #expect(throws: PlaneError.self) {
            try PlaneSelection(channel: 1)
                .grid(of: axes, channelNames: ["DAPI", "GFP", "RFP"], file: "s.tif")
        }
        let message = try #require(error?.description)
        #expect(message.contains("3 channels (DAPI, GFP, RFP) and 16 slices; choose a slice"))
        #expect(!message.contains("--"))
        let outside = PlaneError.Extent(axis: .channel, count: 3)
        #expect(throws: PlaneError.noSuchPlace(file: "s.tif", outside, chosen: 3)) {
            try PlaneSelection(channel: 3, z: 0).grid(of: axes, file: "s.tif")
        }
        let last = try PlaneSelection(channel: 2, z: 15).grid(of: axes, file: "s.tif")
        #expect(last.indices == [PlaneIndex(c: 2, z: 15)])
        let only = try PlaneSelection().grid(of: ImageAxes(y: 5, x: 7), file: "s.tif")
        #expect(only.indices == [PlaneIndex()])
    }
}
