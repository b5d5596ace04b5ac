import Imaging
import Prompting
import Segmentation
import TestFixtures
import Testing
import Torch

@Suite("Objects that suit the decoder, but are too small for prompts")
struct DecoderDiameterTests {
    /// A decoder that sees the objects as they are, and prompts that want them enlarged.
    private func model(decoder: Double?) throws -> Model {
        Model(
            try quickNetworks(),
            traits: ModelTraits(
                objectDiameter: ObjectDiameter(framePixels: 200),
                decoderDiameter: decoder.map { ObjectDiameter(framePixels: $0) }
            )
        )
    }

    private func image() throws -> AnyRaster {
        let size = Size(width: 96, height: 80)
        let samples = (0..<size.count).map { pixel -> UInt16 in
            let (y, x) = pixel.quotientAndRemainder(dividingBy: size.width)
            return x % 24 < 12 && y % 24 < 12 ? UInt16(200 + pixel % 7) : UInt16(10 + pixel % 5)
        }
        return .uint16(try Raster(size: size, samples: samples))
    }

    @Test("The plane is one look for the decoder, and divided for prompts as without it")
    func planes() throws {
        let pixels = PlanePixels(try image())
        let (with, without) = (try model(decoder: 8), try model(decoder: nil))
        let found = try Planner(with, mode: .instanceDecoder).embedded(pixels)
        #expect(found.division == .whole)
        for mode in [nil, AutomaticMode.generatedPrompts] {
            let plane = try Planner(with, mode: mode).embedded(pixels, isLazy: true)
            let known = try Planner(without, mode: mode).embedded(pixels, isLazy: true)
            #expect(plane.division == known.division)
        }
        // A diameter that is given divides the plane alike for every use, so that one store serves all.
        let given = TilingChoice.objects(diameter: 10)
        #expect(
            Planner(with, given, mode: .instanceDecoder).base(of: pixels.size)
                == Planner(with, given).base(of: pixels.size)
        )
    }

    @Test("A session gives the labels of a segmenter and the masks of a prompter")
    func session() async throws {
        let (image, model) = (try image(), try model(decoder: 8))
        let session = ImageSession(on: image, id: "squares", model)
        let box = PromptedObject(
            id: 1,
            prompts: [.box(Box(minX: 24, minY: 24, maxX: 36, maxY: 36))]
        )
        let masks = try await session.predict([box], PromptOptions(), keepsLogits: false, Work())
        let labels = try await session.automatic(model.options(of: .instanceDecoder))
        session.close()
        let pixels = PlanePixels(image)
        #expect(try Segmenter(model).segment(pixels).labelImage() == labels)
        let expected = try Prompter(model).masks(of: [box], in: pixels)
        #expect(masks.map(\.pixels) == expected.map(\.pixels))
    }
}
