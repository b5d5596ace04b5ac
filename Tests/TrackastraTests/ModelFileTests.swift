import Files
import Foundation
import Imaging
import TestFixtures
import Testing
import Torch
import Trackastra

@Suite("Files of models", .enabled(if: Fixtures.areAvailable))
struct ModelFileTests {
    @Test("A zip archive gives the same model as its folder")
    func archive() throws {
        let folder = try TrackastraFixture.model()
        let archive = try TrackastraModel(
            contentsOf: Fixtures.folder.appendingPathComponent("trackastra_small/general_2d.zip")
        )
        #expect(archive.configuration == folder.configuration)
        #expect(folder.configuration.window == 6 && folder.configuration.dimensions == 128)
        let fixture = try TrackastraFixture("short")
        #expect(try fixture.candidates(archive) == fixture.candidates(folder))
    }

    /// A copy of the model with other settings.
    private func changed(
        _ file: String,
        _ old: String,
        _ new: String
    ) throws -> URL {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("trackastra-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: TrackastraFixture.folder, to: folder)
        let place = folder.appendingPathComponent(file)
        let text = try String(contentsOf: place, encoding: .utf8)
        try text.replacingOccurrences(of: old, with: new).write(
            to: place,
            atomically: true,
            encoding: .utf8
        )
        return folder
    }

    @Test(
        "Settings that cannot be used are named",
        arguments: [
            ("config.yaml", "nhead: 4", "nhead: 5", "must be a multiple of nhead"),
            ("config.yaml", "nhead: 4", "nhead: many", "nhead must be a whole number"),
            ("config.yaml", "coord_dim: 2", "coord_dim: 3", "volumes"),
            ("config.yaml", "d_model: 128", "d_model: 64", "shape"),
            ("config.yaml", "rope", "ruler", "attn_positional_bias is 'ruler'"),
            ("config.yaml", "window: 6", "just words", "line 15 is not of the form 'key: value'"),
            ("config.yaml", "window: 6", "d_model: 6", "repeats 'd_model'"),
            ("train_config.yaml", "wrfeat", "wrfeat2", "'wrfeat2'"),
        ]
    )
    func settings(_ file: String, _ old: String, _ new: String, _ message: String) throws {
        let folder = try changed(file, old, new)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect {
            try TrackastraModel(contentsOf: folder)
        } throws: { error in
            if !"\(error)".contains(message) { print(error) }
            return "\(error)".contains(message)
        }
    }

    @Test("Comments, quotes and nested entries of the settings are no obstacle")
    func yaml() throws {
        let text = """
            # made by hand
            d_model: 64   # narrow

            causal_norm: 'softmax'
            attn_dist_mode: "v1"
            images:
              - a
              - b
            paths: [one, two]
            nothing: null
            """
        let configuration = try TrackastraConfiguration(yaml: text, file: "config.yaml")
        #expect(configuration.dimensions == 64 && configuration.normalization == .softmax)
        #expect(configuration.distanceMode == .relative && configuration.heads == 4)
    }

    @Test("A folder without weights, and a file that is no archive")
    func missing() throws {
        let folder = try changed("config.yaml", "window", "window")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.removeItem(at: folder.appendingPathComponent("model.pt"))
        #expect { try TrackastraModel(contentsOf: folder) } throws: {
            "\($0)".contains("has no model.pt")
        }
        let text = folder.appendingPathComponent("config.yaml")
        #expect(throws: TrackastraError.self) { try TrackastraModel(contentsOf: text) }
        #expect(throws: TrackastraError.self) {
            try TrackastraModel(contentsOf: folder.appendingPathComponent("nowhere"))
        }
    }
}

@Suite("The range of intensities of a movie")
struct MovieIntensitiesTests {
    @Test(
        "Percentiles lie between neighbouring values, also with several frames and negative values"
    )
    func percentiles() throws {
        var intensities = MovieIntensities()
        for start in stride(from: -50, to: 51, by: 1) {
            let samples = [Float(start), .nan, .infinity]
            try intensities.add(
                .float32(Raster(size: .init(width: 3, height: 1), samples: samples))
            )
        }
        // 101 values from -50 to 50.
        #expect(abs(intensities.range.low + 49) < 1e-5 && abs(intensities.range.high - 49.8) < 1e-4)
        #expect(MovieIntensities().range == .init(low: 0, high: 0))
    }

    @Test("More different values than are counted one by one change the range by little")
    func many() throws {
        var generator = SplitMix64(seed: 1)
        var intensities = MovieIntensities()
        var all: [Float] = []
        for _ in 0..<6 {
            let samples = (0..<250_000).map { _ in Float(generator.normal() * 1000 + 5000) }
            all += samples
            try intensities.add(
                .float32(Raster(size: .init(width: 250, height: 1000), samples: samples))
            )
        }
        all.sort()
        let expected = [all[15_000], all[1_497_000]]
        let found = [intensities.range.low, intensities.range.high]
        for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-3 * b) }
    }
}
