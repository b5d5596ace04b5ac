public import Prompting
public import Torch

extension ModelBehavior.Precision {
    /// How the layers of the image encoder compute.
    var products: ProductPrecision {
        switch self {
        case .float32: .float32
        case .int8: .int8
        }
    }

    /// Whether it is faster there than single precision.
    ///
    /// 8-bit integers pay on processors with AVX-512 VNNI only.
    public func isAvailable(on device: Device) -> Bool {
        self == .float32 || device.kind == .cpu && products.isAvailable
    }
}
