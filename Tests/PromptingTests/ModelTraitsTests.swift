import Imaging
import Prompting
import Testing

@Suite("What a model carries")
struct ModelTraitsTests {
    private let all = ModelTraits(
        padding: .mirror,
        objectDiameter: ObjectDiameter(framePixels: 96),
        decoderDiameter: ObjectDiameter(framePixels: 20.5),
        parameters: ["center_distance_threshold": 0.7, "min_size": 25, "distance_smoothing": 1.2]
    )

    @Test("All traits are read as they were written")
    func roundTrip() {
        #expect(ModelTraits(metadata: all.metadata) == all)
        #expect(ModelTraits(metadata: [:]) == .reference)
        #expect(ModelTraits.reference.metadata.isEmpty)
    }

    @Test("Traits take the place of those in other metadata, and leave the rest")
    func replacing() {
        let old = all.metadata.merging(["usam.name": "mine"]) { $1 }
        let new = ModelTraits(objectDiameter: ObjectDiameter(framePixels: 64))
        let metadata = new.replacing(in: old)
        #expect(ModelTraits(metadata: metadata) == new)
        #expect(metadata["usam.name"] == "mine")
        #expect(metadata.count == 2)
    }

    @Test(
        "Parameters that make no sense count as missing",
        arguments: [
            "", "[]", "{}", "{\"min_size\":\"many\"}", "{\"min_size\":-1}", "{\"min_size\":1e300}",
            "{\"center_distance_threshold\":1.5}", "{\"distance_smoothing\":1e9}",
            "{\"unknown\":1}", "{\"min_size\":25,\"nms_threshold\":0.5}",
        ]
    )
    func senselessParameters(text: String) {
        let traits = ModelTraits(metadata: [ModelTraits.Key.parameters: text])
        #expect(traits.parameters.isEmpty)
    }

    @Test(
        "A diameter that makes no sense counts as missing",
        arguments: ["", "wide", "nan", "-60", "1e9"]
    )
    func senselessDiameter(text: String) {
        #expect(ModelTraits(metadata: [ModelTraits.Key.objectDiameter: text]).objectDiameter == nil)
        #expect(
            ModelTraits(metadata: [ModelTraits.Key.decoderDiameter: text]).decoderDiameter == nil
        )
    }

    @Test("A padding that nobody knows is none")
    func senselessPadding() {
        #expect(ModelTraits(metadata: [ModelTraits.Key.padding: "else"]).padding == .zero)
        #expect(ModelTraits(metadata: [ModelTraits.Key.padding: "mirror"]).padding == .mirror)
    }

    @Test("Entries that make no sense are named, so that nobody loses them without a word")
    func unreadable() {
        #expect(ModelTraits.unreadableEntries(of: all.metadata).isEmpty)
        #expect(ModelTraits.unreadableEntries(of: ["usam.version": "9", "other": "?"]).isEmpty)
        let metadata = [
            ModelTraits.Key.padding: "reflect", ModelTraits.Key.objectDiameter: "60",
            ModelTraits.Key.parameters: "{\"unknown\":1}", ModelTraits.Key.normalization: "best",
        ]
        #expect(
            ModelTraits.unreadableEntries(of: metadata).sorted()
                == [
                    ModelTraits.Key.parameters, ModelTraits.Key.normalization,
                    ModelTraits.Key.padding,
                ].sorted()
        )
    }

    @Test("Parameters belong to the mode of the decoder, and set its options")
    func parameters() {
        #expect(all.parameters(of: .instanceDecoder) == all.parameters)
        #expect(all.parameters(of: .maskGeneration).isEmpty)
        #expect(all.watershed.minimumSize == 25)
        #expect(all.watershed.centerDistanceThreshold == 0.7)
    }
}
