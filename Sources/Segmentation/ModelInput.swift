package import Imaging
import SegmentAnything
package import Torch

extension Tensor {
    /// Mean of SAM's training images' red, green and blue, on the scale from 0 to 255.
    package static let modelMean: [Float] = [123.675, 116.28, 103.53]

    /// The deviation from it.
    package static let modelDeviation: [Float] = [58.395, 57.12, 57.375]

    /// The input of the image encoder: normalised, then zero padded at the bottom and right.
    ///
    /// - Parameter resized: Three channels, at most 1024 pixels on each side.
    /// - Returns: `[1, 3, 1024, 1024]`, float32, on the CPU.
    package init(modelInput resized: Raster<UInt8>) throws(TensorError) {
        let side = ModelFrame.side
        precondition(resized.channels == 3 && resized.size.longestSide <= side)
        let (width, height) = (resized.size.width, resized.size.height)
        var values = [Float](repeating: 0, count: 3 * side * side)
        for channel in 0..<3 {
            // 256 quotients instead of a million divisions, and the same numbers.
            let table = (0..<256).map {
                (Float($0) - Self.modelMean[channel]) / Self.modelDeviation[channel]
            }
            values.withUnsafeMutableBufferPointer { target in
                resized.samples.withUnsafeBufferPointer { source in
                    for y in 0..<height {
                        let row = (channel * side + y) * side
                        for x in 0..<width {
                            target[row + x] = table[Int(source[(y * width + x) * 3 + channel])]
                        }
                    }
                }
            }
        }
        try self.init(values, shape: 1, 3, side, side)
    }
}
