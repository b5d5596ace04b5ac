import Prompting
public import Torch

/// A network that turns a prepared image into its embedding.
public protocol ImageEncoder: Sendable {
    /// - Parameter image: `[batch, 3, 1024, 1024]`, normalised and zero padded at the bottom and right.
    /// - Returns: `[batch, 256, 64, 64]`. Each image's result depends on that image alone.
    func callAsFunction(_ image: Tensor) throws(TensorError) -> Tensor
}

extension ModelFrame {
    /// Side of the low-resolution mask logits where only a square part of the frame is there.
    static func maskSide(ofTokens count: Int) -> Int {
        4 * Int(Double(count).squareRoot().rounded())
    }
}
