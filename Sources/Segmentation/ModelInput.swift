package import Imaging
package import Prompting
import SegmentAnything
package import Torch

extension Tensor {
    /// Mean of SAM's training images' red, green and blue, on the scale from 0 to 255.
    package static let modelMean: [Float] = [123.675, 116.28, 103.53]

    /// The deviation from it.
    package static let modelDeviation: [Float] = [58.395, 57.12, 57.375]

    /// The input of the image encoder: normalised, then padded at the bottom and right.
    ///
    /// - Parameters:
    ///   - resized: Three channels, at most 1024 pixels on each side.
    ///   - padding: What lies beside the image.
    /// - Returns: `[1, 3, 1024, 1024]`, float32, on the CPU.
    package init(
        modelInput resized: Raster<UInt8>,
        padding: FramePadding = .zero
    ) throws(TensorError) {
        // Safe because rows and columns name pixels of the image, and the values are those of
        // three frames.
        let side = ModelFrame.side
        precondition(resized.channels == 3 && resized.size.longestSide <= side)
        let (width, height) = (resized.size.width, resized.size.height)
        let columns = padding.sources(of: width, upTo: side)
        let rows = padding.sources(of: height, upTo: side)
        var values = [Float](repeating: 0, count: 3 * side * side)
        for channel in 0..<3 {
            // 256 quotients instead of a million divisions, and the same numbers.
            let table = (0..<256).map {
                (Float($0) - Self.modelMean[channel]) / Self.modelDeviation[channel]
            }
            values.withUnsafeMutableBufferPointer { target in
                resized.samples.withUnsafeBufferPointer { source in
                    for (y, sourceY) in rows.enumerated() {
                        let row = (channel * side + y) * side
                        for (x, sourceX) in columns.enumerated() {
                            let pixel = sourceY * width + sourceX
                            target[row + x] = table[Int(source[pixel * 3 + channel])]
                        }
                    }
                }
            }
        }
        try self.init(values, shape: 1, 3, side, side)
    }
}

extension FramePadding {
    /// The pixel of an image that is shown at each position along a side of the frame, as far as there is one.
    ///
    /// - Parameters:
    ///   - length: Pixels of the image along this side.
    ///   - side: Pixels of the frame, no fewer.
    package func sources(of length: Int, upTo side: Int) -> [Int] {
        guard self == .mirror else { return Array(0..<length) }
        let period = max(2 * (length - 1), 1)
        return (0..<side).map { position in
            let phase = position % period
            return phase < length ? phase : period - phase
        }
    }
}
