package import Torch

/// The type in which products are computed, on a device.
package struct Arithmetic {
    private let precision: TrainingOptions.Precision
    private let device: Device

    package init(_ precision: TrainingOptions.Precision, on device: Device) {
        self.precision = precision
        self.device = device
    }

    /// Runs `body` with products in that type.
    func perform<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        switch precision {
        case .float32: try body()
        case .bfloat16: try withAutocast(to: .bfloat16, on: device, body)
        }
    }
}
