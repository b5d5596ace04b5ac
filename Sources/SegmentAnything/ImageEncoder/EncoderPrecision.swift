public import Prompting
public import Torch

extension ModelBehavior.Precision {
    /// How the layers of the image encoder compute.
    var products: ProductPrecision {
        switch self {
        case .float32: .float32
        case .int8: .int8
        case .bfloat16: .bfloat16
        }
    }

    /// Whether it is faster there than single precision.
    ///
    /// 8-bit integers pay on processors with AVX-512 VNNI only, bfloat16 on those with AVX512-BF16.
    public func isAvailable(on device: Device) -> Bool {
        self == .float32 || device.kind == .cpu && products.isAvailable
    }
}

/// An encoder whose convolutions and products are in bfloat16.
///
/// What flows between its parts is in either precision; the embedding is in single precision.
struct BrainFloatEncoder: ImageEncoder {
    let encoder: any ImageEncoder
    let device: Device

    var repeatsStages: Bool { encoder.repeatsStages }

    var stages: [EncoderStage] {
        let (device, parts) = (device, encoder.stages)
        let last = parts.count - 1
        return parts.enumerated().map { number, stage in
            { (x) throws(TensorError) in
                let result = try withAutocast(to: .bfloat16, on: device) {
                    () throws(TensorError) in try stage(x)
                }
                return number == last ? try result.converted(to: .float32) : result
            }
        }
    }
}
