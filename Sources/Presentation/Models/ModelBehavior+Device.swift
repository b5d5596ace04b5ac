public import Prompting
import SegmentAnything
public import Terminal
public import Torch

extension ModelBehavior {
    /// The same without a precision that is of no use on a device, which is said.
    public func usable(on device: Device, _ console: Console) -> ModelBehavior {
        guard let precision, !precision.isAvailable(on: device) else { return self }
        let lacking = precision == .int8 ? "AVX-512 VNNI" : "AVX512-BF16"
        let reason =
            device.kind == .cpu ? "this processor has no \(lacking)" : "it is for processors only"
        console.printError("usam: float32 is used, not \(precision.rawValue), because \(reason)")
        var behavior = self
        behavior.precision = nil
        return behavior
    }
}
