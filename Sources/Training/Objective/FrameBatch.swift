package import Imaging
package import Prompting
import SegmentAnything
import Segmentation
package import Torch

/// Samples as the networks take them, and where each lies in the model's frame.
package struct FrameBatch {
    /// One sample of the batch.
    package struct Item {
        /// The image with its objects.
        package let sample: TrainingSample
        /// From pixels of the sample to pixels of the part of the frame.
        package let resize: ResizeLongestSide
    }

    /// The samples.
    package let items: [Item]

    /// `[batch, 3, side, side]`, normalised, padded at the bottom and right.
    package let image: Tensor

    /// Side of the part of the model's frame that the images fill, in pixels.
    let side: Int

    /// Where that part lies, in tokens of 16 pixels.
    let column: Int

    /// Where that part lies, in tokens of 16 pixels.
    let row: Int

    /// Pixels of a token.
    static let tokenSide = ModelFrame.side / ModelFrame.embeddingSide

    /// Resizes and normalises images.
    ///
    /// - Parameters:
    ///   - side: Longest side after resizing, a multiple of 16.
    ///   - padding: What lies beside images that are not square.
    ///   - random: Where in the frame a part smaller than it lies.
    package init(
        _ samples: [TrainingSample],
        side: Int,
        padding: FramePadding = .zero,
        using random: inout SplitMix64,
        on device: Device
    ) throws {
        let room = ModelFrame.embeddingSide - side / Self.tokenSide
        column = random.below(room + 1)
        row = random.below(room + 1)
        self.side = side
        let mean = try Tensor(Tensor.modelMean, shape: 3, 1, 1)
        let deviation = try Tensor(Tensor.modelDeviation, shape: 3, 1, 1)
        var items: [Item] = []
        var images: [Tensor] = []
        for sample in samples {
            let size = sample.image.size
            let resize = try ResizeLongestSide(from: size, to: side)
            var pixels = try Tensor(sample.image.samples, shape: size.height, size.width, 3)
                .permuted(2, 0, 1).unsqueezed(0)
            if resize.resizedSize != size {
                pixels = try pixels.contiguous().resizedBilinear(
                    height: resize.resizedSize.height,
                    width: resize.resizedSize.width,
                    antialias: true
                )
            }
            images.append(try ((pixels - mean) / deviation).padded(to: side, padding))
            items.append(Item(sample: sample, resize: resize))
        }
        self.items = items
        image = try Tensor.concatenated(images, axis: 0).contiguous().moved(to: device)
    }

    /// Predictions on the part of the frame, `[n, channels, h, w]`, brought to the pixels of a sample.
    package func restored(_ maps: Tensor, _ item: Item) throws(TensorError) -> Tensor {
        var maps = maps
        if maps.size(2) != side {
            maps = try maps.resizedBilinear(height: side, width: side)
        }
        let (resized, size) = (item.resize.resizedSize, item.sample.image.size)
        if resized.height != side || resized.width != side {
            maps = try maps.sliced(2, 0..<resized.height).sliced(3, 0..<resized.width)
        }
        guard size != resized else { return maps }
        return try maps.contiguous().resizedBilinear(height: size.height, width: size.width)
    }

    /// A point of a sample in pixels of the model's frame, x and y.
    func place(_ point: Point<OriginalPixels>, _ item: Item) -> [Float] {
        let inPart = item.resize.apply(point)
        return [
            Float(inPart.x + Double(column * Self.tokenSide)),
            Float(inPart.y + Double(row * Self.tokenSide)),
        ]
    }

    /// A box of a sample in pixels of the model's frame: x0, y0, x1, y1.
    func place(_ box: Box<OriginalPixels>, _ item: Item) -> [Float] {
        place(Point(x: box.minX, y: box.minY), item) + place(Point(x: box.maxX, y: box.maxY), item)
    }
}

extension Tensor {
    /// An image `[1, 3, height, width]` in the upper left of a square.
    fileprivate func padded(to side: Int, _ padding: FramePadding) throws -> Tensor {
        let (height, width) = (size(2), size(3))
        guard height < side || width < side else { return self }
        guard padding == .mirror else {
            return try padded(bottom: side - height, right: side - width)
        }
        func places(_ length: Int) throws -> Tensor {
            try Tensor(padding.sources(of: length, upTo: side).map(Int64.init), shape: side)
        }
        return try indexed(2, by: places(height)).indexed(3, by: places(width))
    }
}
