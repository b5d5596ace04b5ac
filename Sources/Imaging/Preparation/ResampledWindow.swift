/// A part of an image at another size: which pixels it is made of, and how.
///
/// Only the pixels of ``source`` have to be read, so a crop of a large image costs no more than one of
/// a small image. The result is the same as resizing the whole image and cropping that.
public struct ResampledWindow: Hashable, Sendable {
    /// Size of the whole image.
    public let originalSize: Size

    /// Size of the whole image after resizing.
    public let resizedSize: Size

    /// The part that is wanted, in pixels of the resized image.
    public let window: Region

    /// The pixels of the original image that the window depends on.
    public let source: Region

    private let columns: AxisTaps
    private let rows: AxisTaps

    /// Prepares the window `window` of an image of `originalSize` that is resized to `resizedSize`.
    ///
    /// - Throws: ``ImagingError/invalidSize(_:_:)`` if a side is not positive,
    ///   ``ImagingError/regionOutside(_:_:)`` if the window is empty or leaves the resized image.
    public init(
        of originalSize: Size,
        resizedTo resizedSize: Size,
        window: Region
    ) throws(ImagingError) {
        for size in [originalSize, resizedSize]
        where size.width <= 0 || size.height <= 0 || !size.fitsMemory() {
            throw .invalidSize("image to resize", size)
        }
        guard window.isInside(resizedSize), window.width > 0, window.height > 0 else {
            throw .regionOutside(window, resizedSize)
        }
        self.originalSize = originalSize
        self.resizedSize = resizedSize
        self.window = window
        columns = AxisTaps(originalSize.width, resizedSize.width, window.x..<window.endX)
        rows = AxisTaps(originalSize.height, resizedSize.height, window.y..<window.endY)
        source = Region(
            x: columns.source.lowerBound,
            y: rows.source.lowerBound,
            width: columns.source.count,
            height: rows.source.count
        )
    }

    /// The window of an image, filtered with a triangle that covers all pixels it shrinks.
    ///
    /// - Parameter pixels: The pixels of ``source``, any number of channels.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if these are not the pixels of `source`.
    /// - Source: the rule of `torch.nn.functional.interpolate(mode="bilinear", antialias=True)`, in
    ///   single precision.
    public func image(from pixels: Raster<Float>) throws(ImagingError) -> Raster<Float> {
        guard pixels.size == source.size else {
            throw .sizeMismatch("pixels to resample", expected: source.size, found: pixels.size)
        }
        if originalSize == resizedSize { return pixels }
        let channels = pixels.channels
        let across = shrunkColumns(pixels)
        let rowLength = window.width * channels
        var result = [Float](repeating: 0, count: rowLength * window.height)
        result.withUnsafeMutableBufferPointer { output in
            across.withUnsafeBufferPointer { input in
                for row in 0..<window.height {
                    for (tap, weight) in rows.weights(of: row).enumerated() {
                        // Safe because every tap is a row of the source, and output has all rows.
                        let from = (rows.first[row] + tap) * rowLength
                        let to = row * rowLength
                        for index in 0..<rowLength {
                            output[to &+ index] += weight * input[from &+ index]
                        }
                    }
                }
            }
        }
        return Raster(unchecked: window.size, channels: channels, samples: result)
    }

    private func shrunkColumns(_ pixels: Raster<Float>) -> [Float] {
        let channels = pixels.channels
        var result = [Float](repeating: 0, count: window.width * source.height * channels)
        result.withUnsafeMutableBufferPointer { output in
            pixels.samples.withUnsafeBufferPointer { input in
                for column in 0..<window.width {
                    for (tap, weight) in columns.weights(of: column).enumerated() {
                        // Safe because every tap is a column of the source.
                        var from = (columns.first[column] + tap) * channels
                        var to = column * channels
                        for _ in 0..<source.height {
                            for channel in 0..<channels {
                                output[to &+ channel] += weight * input[from &+ channel]
                            }
                            from &+= source.width &* channels
                            to &+= window.width &* channels
                        }
                    }
                }
            }
        }
        return result
    }

    /// The window of a label image: each pixel takes the label at its centre.
    ///
    /// - Parameter pixels: The labels of ``source``.
    /// - Throws: ``ImagingError/sizeMismatch(_:expected:found:)`` if these are not the labels of `source`.
    public func labels(from pixels: LabelImage) throws(ImagingError) -> LabelImage {
        guard pixels.size == source.size else {
            throw .sizeMismatch("labels to resample", expected: source.size, found: pixels.size)
        }
        if originalSize == resizedSize { return pixels }
        var result: [UInt32] = []
        result.reserveCapacity(window.size.count)
        for y in rows.nearest {
            for x in columns.nearest { result.append(pixels.labels[y * source.width + x]) }
        }
        return LabelImage(unchecked: window.size, labels: result)
    }
}

/// The pixels of one axis that each pixel of the window is made of; positions count from the source.
private struct AxisTaps: Hashable, Sendable {
    /// The pixels of the original axis that are used at all.
    let source: Range<Int>
    /// First pixel of each output pixel.
    let first: [Int]
    /// The pixel at the centre of each output pixel.
    let nearest: [Int]

    private let weights: [Float]
    private let starts: [Int]

    init(_ inputs: Int, _ outputs: Int, _ window: Range<Int>) {
        let scale = Double(inputs) / Double(outputs)
        let support = max(scale, 1)
        var begins: [Int] = []
        var centers: [Int] = []
        var weights: [Float] = []
        var starts = [0]
        var end = 0
        for output in window {
            let center = (Double(output) + 0.5) * scale
            var begin = max(0, Int(center - support + 0.5))
            var limit = min(inputs, Int(center + support + 0.5))
            func weight(_ input: Int) -> Double {
                max(0, 1 - abs((Double(input) - center + 0.5) / support))
            }
            // Pixels without weight need not be read.
            while limit - begin > 1, weight(begin) == 0 { begin += 1 }
            while limit - begin > 1, weight(limit - 1) == 0 { limit -= 1 }
            let triangle = (begin..<limit).map(weight)
            let sum = triangle.reduce(0, +)
            begins.append(begin)
            centers.append(min(Int(center), inputs - 1))
            weights += triangle.map { Float($0 / sum) }
            starts.append(weights.count)
            end = max(end, limit)
        }
        let start = begins.first ?? 0
        source = start..<end
        first = begins.map { $0 - start }
        nearest = centers.map { $0 - start }
        self.weights = weights
        self.starts = starts
    }

    /// The weights of the pixels from `first` on, for one output pixel.
    func weights(of output: Int) -> ArraySlice<Float> {
        weights[starts[output]..<starts[output + 1]]
    }
}
