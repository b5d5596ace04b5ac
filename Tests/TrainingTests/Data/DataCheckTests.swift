import Foundation
import ImageFormats
import Imaging
import Testing
import Training

@Suite("Wrong data are caught before training")
struct DataCheckTests {
    private static func check(
        _ paths: [TrainingPairPaths],
        _ change: (inout SamplingOptions) -> Void = { _ in },
        acceptsClasses: Bool = false
    ) throws -> TrainingDataCheck {
        var options = SamplingOptions()
        change(&options)
        return try TrainingDataCheck(
            paths.map { AnnotatedImage(image: $0.image, labels: $0.labels) },
            options,
            acceptsClasses: acceptsClasses
        )
    }

    @Test("Good data are described")
    func describes() throws {
        let folder = try DataFolder()
        let found = try Self.check([folder.addPair("a"), folder.addPair("b", width: 200, seed: 2)])
        #expect(found.pairCount == 2)
        #expect(found.sizes == [Size(width: 150, height: 131), Size(width: 200, height: 131)])
        #expect(found.objectCount > 8)
        #expect((10...30).contains(try #require(found.medianDiameter)))
        #expect(found.sampleType == .uint16)
        #expect(!found.isColor && !found.looksSemantic && found.warnings.isEmpty)
    }

    @Test("Labels of another size are refused with both sizes")
    func shapesDiffer() throws {
        let folder = try DataFolder()
        let good = try folder.addPair("a")
        let other = try folder.addPair("b", width: 131, height: 150)
        let error = #expect(throws: DataSetError.self) {
            try Self.check([TrainingPairPaths(image: good.image, labels: other.labels)])
        }
        #expect(
            "\(try #require(error))"
                == "\(other.labels): the labels are 131 x 150 pixels, but the image \(good.image) is "
                + "150 x 131 pixels; each pixel of the image needs a label"
        )
    }

    @Test("Labels without any object are refused, single ones are told")
    func emptyLabels() throws {
        let folder = try DataFolder()
        let empty = try folder.addPair("a") { LabelImage(size: $0.size) }
        #expect(throws: TrainingDataError.allEmpty(files: 1, example: empty.labels)) {
            try Self.check([empty])
        }
        let found = try Self.check([empty, folder.addPair("b")])
        #expect(found.warnings.count == 1)
        #expect(found.warnings[0] == .withoutObjects(1, of: 2, example: empty.labels))
    }

    @Test("Classes instead of objects are told, unless they are meant")
    func semanticLabels() throws {
        let folder = try DataFolder()
        let paths = try folder.addPair("a", width: 300, height: 260) { labels in
            var labels = labels
            for pixel in labels.labels.indices where labels.labels[pixel] != 0 {
                labels.labels[pixel] = 255
            }
            return labels
        }
        let found = try Self.check([paths])
        #expect(found.looksSemantic)
        guard
            case .looksLikeClasses(_, labels: 1, planes: 1, largestLabel: 255) = found.warnings
                .first
        else {
            Issue.record("\(found.warnings)")
            return
        }
        #expect(try Self.check([paths], acceptsClasses: true).warnings.isEmpty)
    }

    @Test("Pictures of labels and missing files are refused with their names")
    func unusableLabels() throws {
        let folder = try DataFolder()
        let paths = try folder.addPair("a")
        let picture = folder.path("picture.tif")
        let size = Size(width: 150, height: 131)
        try AnyRaster.uint8(Raster(repeating: 3, size: size, channels: 3))
            .writeTIFF(to: URL(filePath: picture))
        let error = #expect(throws: DataSetError.self) {
            try Self.check([TrainingPairPaths(image: paths.image, labels: picture)])
        }
        #expect("\(try #require(error))".contains("labels have one channel, but these have 3"))
        #expect(throws: ImageFormatError.self) {
            try Self.check([TrainingPairPaths(image: paths.image, labels: folder.path("no.tif"))])
        }
    }

    @Test("Intensities beyond 8 bits are refused where they would stay unchanged")
    func intensityRange() throws {
        let folder = try DataFolder()
        let paths = try folder.addPair("a")
        #expect(throws: TrainingDataError.self) {
            try Self.check([paths]) { $0.intensities = .unchanged }
        }
    }

    @Test("A recipe gives data sets their weights and options")
    func recipe() throws {
        let folder = try DataFolder()
        let url = folder.url.appendingPathComponent("recipe.json")
        let text = """
            {"model": "usam-tiny", "sampling": {"framing": "frame", "cropSide": 384},
             "data": [{"images": "images", "labels": ["labels/a*", "labels/b*"], "weight": 2,
                       "sampling": {"augmentation": {"scale": 1.5}}},
                      {"simulated": {"radius": [8, 20]}, "weight": 0.5}],
             "training": {"epochs": 3, "optimizer": {"learningRate": 0.001}}}
            """
        try text.write(to: url, atomically: true, encoding: .utf8)
        let recipe = try TrainingRecipe(contentsOf: url)
        #expect(recipe.model == "usam-tiny")
        #expect(recipe.data.map(\.weight) == [2, 0.5])
        #expect(recipe.data[0].labels == ["labels/a*", "labels/b*"])
        #expect(recipe.data[0].sampling.framing == .frame)
        #expect(recipe.data[0].sampling.cropSide == 384)
        #expect(recipe.data[0].sampling.augmentation.scale == 1.5)
        #expect(recipe.data[0].sampling.augmentation.flips)
        #expect(recipe.data[1].simulated?.radius == [8, 20])
        #expect(recipe.training.epochs == 3)
        #expect(recipe.training.optimizer.learningRate == 0.001)
        #expect(recipe.training.optimizer.weightDecay == 0.01)
    }

    @Test(
        "Mistakes in a recipe are found with their place",
        arguments: [
            (
                #"{"data": [{"images": "a", "labels": "b", "wieght": 2}]}"#,
                "data[0]: 'wieght' is not known"
            ),
            (#"{"data": [{"images": "a"}]}"#, "either 'images' and 'labels'"),
            (
                #"{"data": [{"images": "a", "labels": "b", "sampling": {"crop": 3}}]}"#,
                "no option 'crop'"
            ),
            (#"{"data": [], "training": {"epochs": "many"}}"#, "'epochs' must be a Int"),
            (#"{"data": []}"#, "at least one data set"), ("[1", "cannot be read as JSON"),
        ]
    )
    func recipeMistakes(text: String, message: String) throws {
        let folder = try DataFolder()
        let url = folder.url.appendingPathComponent("recipe.json")
        try text.write(to: url, atomically: true, encoding: .utf8)
        let error = #expect(throws: TrainingRecipeError.self) {
            try TrainingRecipe(contentsOf: url)
        }
        #expect("\(try #require(error))".contains(message))
    }
}
