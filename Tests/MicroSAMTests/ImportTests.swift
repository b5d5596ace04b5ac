import MicroSAM
import Testing

@Suite("One import is enough")
struct ImportTests {
    @Test("Types of every library can be named")
    func names() throws {
        let image = Raster<UInt8>(repeating: 7, size: Size(width: 5, height: 3))
        #expect(try AnyRaster.uint8(image).normalizedRGB().channels == 3)
        #expect(EmbeddedModel.name == "usam-tiny")
        #expect(Device("cpu") == .cpu)
        #expect(ModelBehavior.reference != ModelBehavior.corrected)
        #expect(ImageAxes(y: 3, x: 5).planeSize == (5, 3))
        #expect(JudgeSettings().method == .instanceDecoder)
        #expect(TrainingRequest(images: [], labels: []).choices == TrainingChoices())
    }
}
