import SegmentAnything
import Testing
import Torch
import TorchNN

@Suite("Decoders of other widths than the reference's")
struct DecoderWidthTests {
    @Test("The measured kernels compute what the operators compute")
    func kernels() throws {
        let source = WeightFormula(shapes: Self.shapes([48, 32, 32, 16]))
        let random = try RandomGenerator(seed: 1)
        let embedding = try Tensor.uniform([1, 256, 64, 64], using: random) + -0.5
        let maps = try [true, false].map { isFused in
            let decoder = try InstanceDecoder(
                from: ParameterStore(source).root,
                isFused: isFused
            )
            return try withInferenceMode { try decoder(embedding, height: 200, width: 1024) }
        }
        #expect(maps[0].shape == [1, 3, 200, 1024])
        let difference: Double = try (maps[0] + maps[1] * -1).absolute().max().item()
        // Rounding of some ten layers, on a scale from 0 to 1.
        #expect(difference < 2e-4)
    }

    @Test(
        "Widths that the kernels do not take, or that grow with the resolution, are refused",
        arguments: [[40, 32, 32, 16], [32, 32, 48, 16], [512, 256, 128, 0]]
    )
    func refused(widths: [Int]) {
        #expect(throws: ParameterError.self) {
            try InstanceDecoder(
                from: ParameterStore(WeightFormula(shapes: Self.shapes(widths))).root
            )
        }
    }

    /// Names and shapes of a decoder.
    private static func shapes(_ widths: [Int]) -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        func convolution(_ name: String, _ inputs: Int, _ outputs: Int, _ kernel: Int) {
            shapes[name + ".weight"] = [outputs, inputs, kernel, kernel]
            shapes[name + ".bias"] = [outputs]
        }
        func pair(_ name: String, _ inputs: Int, _ outputs: Int) {
            convolution(name + ".block.1", inputs, outputs, 3)
            convolution(name + ".block.4", outputs, outputs, 3)
        }
        for (index, inputs) in ([256] + widths.dropLast()).enumerated() {
            let (name, width) = ("deconv\(index + 1).block", widths[index])
            convolution(name + ".0.conv", inputs, width, 1)
            convolution(name + ".1.block", width, width, 3)
            for key in ["weight", "bias", "running_mean", "running_var"] {
                shapes["\(name).2.\(key)"] = [width]
            }
        }
        pair("base", 256, widths[0])
        for index in 0..<3 {
            let width = widths[index + 1]
            convolution("decoder.samplers.\(index).conv", widths[index], width, 1)
            pair("decoder.blocks.\(index)", 2 * width, width)
        }
        convolution("deconv_out.conv", widths[3], widths[3], 1)
        pair("decoder_head", 2 * widths[3], widths[3])
        convolution("out_conv", widths[3], 3, 1)
        return shapes
    }
}
