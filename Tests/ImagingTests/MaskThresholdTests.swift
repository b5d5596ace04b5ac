import Foundation
import Imaging
import Testing

@Suite("Thresholds of masks")
struct MaskThresholdTests {
    /// Squared distance from the middle of an ellipse.
    private static func distance(_ x: Int, _ y: Int) -> Int {
        (y - 100) * (y - 100) + 2 * (x - 140) * (x - 140)
    }

    private static func texture(_ x: Int, _ y: Int) -> Float {
        Float((x * 37 + y * 101 + (x * y) % 53) % 257)
    }

    private static let images: [String: @Sendable (Int, Int) -> Float] = [
        "disk": { (distance($0, $1) < 2500 ? 6 : -9) + texture($0, $1) / 64 },
        "slope": { Float(3000 - distance($0, $1)) / 512 },
        "texture": { texture($0, $1) / 16 - 12 },
        "constant": { _, _ in -3 },
        "dark": { -1 - Float(distance($0, $1)) / 4096 },
    ]

    /// The numbers are those of `_local_otsu_threshold` in micro-sam 1.8.14 with torch 2.15.
    @Test(
        "The threshold from contrast is that of micro-sam",
        arguments: [
            ("disk", 7.888889312744141), ("slope", 3.8992767333984375), ("texture", 0),
            ("constant", 0), ("dark", 0),
        ] as [(String, Double)]
    )
    func contrast(name: String, expected: Double) throws {
        let logit = try #require(Self.images[name])
        let side = MaskResampler.side
        let logits = (0..<side * side).map { logit($0 % side, $0 / side) }
        let found = logits.withUnsafeBufferPointer { MaskThreshold.contrast.value(for: $0) }
        #expect(abs(Double(found) - expected) < 1e-5)
        #expect(logits.withUnsafeBufferPointer { MaskThreshold.logit(2).value(for: $0) } == 2)
    }

    @Test("Thresholds are stored as numbers or as the word of micro-sam")
    func stored() throws {
        let all: [MaskThreshold] = [.logit(-0.5), .contrast]
        let data = try JSONEncoder().encode(all)
        #expect(String(decoding: data, as: UTF8.self) == #"[-0.5,"auto"]"#)
        #expect(try JSONDecoder().decode([MaskThreshold].self, from: data) == all)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([MaskThreshold].self, from: Data(#"["otsu"]"#.utf8))
        }
    }
}
