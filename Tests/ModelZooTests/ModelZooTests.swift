import Checkpoints
import Files
import Foundation
import ModelZoo
import Testing

@Suite("Model zoo")
struct ModelZooTests {
    @Test("Every official model has a name, an address and a hash")
    func official() throws {
        let models = ModelRegistry.official.models
        #expect(models.count == 15)
        #expect(models.compactMap(\.decoder).count == 9)
        #expect(Set(models.map(\.name)).count == models.count)
        for file in models.flatMap(\.files) {
            #expect(file.digest.algorithm == .xxh128)
            #expect(file.digest.hexadecimal.count == 32)
            #expect(file.url.scheme == "https")
        }
        let embedded = try #require(ModelRegistry.official[EmbeddedModel.name])
        #expect(embedded == models.first && embedded.file == nil && embedded.hasDecoder)
        let model = try #require(ModelRegistry.official["vit_b_lm"])
        #expect(model.modelType == "vit_b")
        #expect(model.family == .lightMicroscopy)
        #expect(model.decoder?.name == "vit_b_lm_decoder")
        #expect(ModelRegistry.official["vit_b_medical_imaging"]?.decoder == nil)
    }

    @Test("The cache folder is the one of micro-sam")
    func cacheFolder() {
        func path(_ environment: [String: String]) -> String {
            CacheFolder.url(environment: environment).path
        }
        #expect(path(["MICROSAM_CACHEDIR": "/somewhere", "HOME": "/home/a"]) == "/somewhere")
        #expect(path(["MICROSAM_CACHEDIR": "~/cache", "HOME": "/home/a"]) == "/home/a/cache")
        #if os(Linux)
            #expect(path(["HOME": "/home/a"]) == "/home/a/.cache/micro_sam")
            #expect(path(["HOME": "/home/a", "XDG_CACHE_HOME": "/var/x"]) == "/var/x/micro_sam")
        #endif
    }

    @Test("A model that micro-sam has downloaded is found, with its decoder")
    func sharedCache() throws {
        let cache = try TemporaryFolder()
        let zoo = ModelZoo(cache: cache.url)
        let error = try #require(throws: ModelZooError.self) { try zoo.locate("vit_b_lm") }
        #expect(error.description.contains(cache.file("models/vit_b_lm").path))
        #expect(error.description.contains("'vit_b_lm' is not on this machine"))
        #expect(error.description.contains("usam-tiny"))
        #expect(zoo.availability(of: "vit_b_lm") == .remote)
        try FileManager.default.createDirectory(
            at: cache.file("models"),
            withIntermediateDirectories: true
        )
        try Data([1, 2]).write(to: cache.file("models/vit_b_lm"))
        #expect(throws: ModelZooError.self) { try zoo.locate("vit_b_lm") }
        #expect(try zoo.locate("vit_b_lm", requiresDecoder: false).decoder == nil)
        try Data([3]).write(to: cache.file("models/vit_b_lm_decoder"))
        let files = try zoo.locate("vit_b_lm")
        #expect(files.model.path == cache.file("models/vit_b_lm").path)
        #expect(files.decoder?.path == cache.file("models/vit_b_lm_decoder").path)
        #expect(try files.signature() == "xxh128:fe9252a29f3f4ea53c15a06de471e186")
        #expect(zoo.availability(of: "vit_b_lm") == .downloaded(byteCount: 3))
        #expect(throws: ModelZooError.self) { try zoo.verify("vit_b_lm") }
    }

    @Test("Paths work as well as names, and a wrong name gives suggestions")
    func paths() throws {
        let folder = try TemporaryFolder()
        try Data("abc".utf8).write(to: folder.file("my.pt"))
        let zoo = ModelZoo(cache: folder.url)
        let files = try zoo.locate(folder.file("my.pt").path)
        #expect(files.decoder == nil)
        // xxh128 of "abc"
        #expect(try files.signature() == "xxh128:06b05ab6733a618578af5f94892f3950")
        let error = try #require(throws: ModelZooError.self) { try zoo.locate("vit-b-lm") }
        #expect(error.description.contains("'vit_b_lm'"))
        let swapped = try #require(throws: ModelZooError.self) { try zoo.locate("vit_b_ml") }
        #expect(swapped.description.contains("'vit_b_lm'"))
        let far = try #require(throws: ModelZooError.self) { try zoo.locate("my/model.pt") }
        #expect(far.description.contains("neither the name of a model"))
        #expect(throws: ModelZooError.self) { try zoo.locate(folder.url.path) }
        #expect(zoo.availability(of: "nothing") == nil)
    }

    @Test("Fetching a model brings both of its files")
    func fetch() async throws {
        let cache = try TemporaryFolder()
        let body = Array("the same bytes for both".utf8)
        try Data(body).write(to: cache.file("body"))
        let digest = try FileDigest(of: cache.file("body"), algorithm: .xxh128)
        let server = try LocalServer(body: body)
        defer { server.stop() }
        let registry = ModelRegistry(models: [
            RegisteredModel(
                file: RegisteredFile(name: "vit_b_test", url: server.url, digest: digest),
                decoder: RegisteredFile(
                    name: "vit_b_test_decoder",
                    url: server.url,
                    digest: digest
                )
            )
        ])
        let zoo = ModelZoo(cache: cache.url, registry: registry)
        let files = try await zoo.fetch("vit_b_test")
        #expect(try Data(contentsOf: files.model) == Data(body))
        #expect(try files.decoder.map { try Data(contentsOf: $0) } == Data(body))
        try zoo.verify("vit_b_test")
        #expect(server.ranges.count == 2)
    }
}

@Suite("Embedded model")
struct EmbeddedModelTests {
    @Test("It is there, complete and without what is never read")
    func complete() throws {
        let files = try ModelZoo.standard.locate("usam-tiny")
        let checkpoint = try SAMCheckpoint(contentsOf: files.model, decoder: files.decoder)
        #expect(checkpoint.flavor == .converted)
        #expect(checkpoint.architecture == .tinyViT(.mobileSAM))
        #expect(checkpoint.hasPromptPath)
        #expect(checkpoint.maskTokenCount == 4)
        #expect(checkpoint.decoderDescription?.upsampling == .bilinear)
        #expect(checkpoint.decoderDescription?.outputChannels == 3)
        #expect(checkpoint.warnings.isEmpty)
        #expect(checkpoint.metadata["usam.name"] == "usam-tiny")
        #expect(!checkpoint.model.keys.contains { SAMCheckpoint.isUnused($0) })
        // Vectors are small, and errors in them weigh more.
        for entry in checkpoint.model.values
        where !entry.name.hasSuffix("positional_encoding_gaussian_matrix") {
            #expect(entry.elementType == (entry.shape.count > 1 ? .float16 : .float32))
        }
    }

    @Test("The model card is of this very file")
    func card() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let card = try String(
            contentsOf: root.appendingPathComponent("docs/models/usam-tiny.md"),
            encoding: .utf8
        )
        let digest = try FileDigest(of: EmbeddedModel.url(), algorithm: .sha256)
        #expect(card.contains(digest.hexadecimal))
    }
}

@Suite("Sample data")
struct SampleDataTests {
    @Test("Every sample has an address and a hash")
    func official() {
        #expect(SampleData.official.count == 9)
        for sample in SampleData.official {
            #expect(sample.file.digest.algorithm == .sha256)
            #expect(sample.file.digest.hexadecimal.count == 64)
        }
    }

    @Test("An archive is unpacked beside itself, a second call does nothing")
    func archive() async throws {
        let cache = try TemporaryFolder()
        // A checkpoint is a zip archive, too.
        let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("CheckpointsTests/Fixtures")
        let zip = fixtures.appendingPathComponent("deflated.pt")
        let server = try LocalServer(body: [UInt8](try Data(contentsOf: zip)))
        defer { server.stop() }
        let sample = Sample(
            name: "test",
            summary: "a test",
            file: RegisteredFile(
                name: "test.zip",
                url: server.url,
                digest: try FileDigest(of: zip, algorithm: .sha256)
            )
        )
        let samples = SampleData(cache: cache.url, samples: [sample])
        for _ in 0..<2 {
            let folder = try await samples.fetch("test")
            #expect(folder.lastPathComponent == "test.zip.unzip")
            let inside = folder.appendingPathComponent("renamed/folder/data/0")
            #expect(try Data(contentsOf: inside).count == 1200)
        }
        #expect(server.ranges.count == 1)
        await #expect(throws: ModelZooError.self) { try await samples.fetch("other") }
    }
}
