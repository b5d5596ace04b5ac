public import Imaging

extension NewObject {
    /// The objects of a label image, which wish their own labels.
    ///
    /// Cost: one pass.
    ///
    /// - Returns: By ascending label.
    public static func all(
        in labels: LabelImage,
        source: ObjectSource,
        t: Int? = nil,
        z: Int? = nil
    ) -> [NewObject] {
        // Safe because the buffer is only read, at indices below its count.
        var pixels: [UInt32: PixelSet] = [:]
        let width = labels.size.width
        labels.labels.withUnsafeBufferPointer { values in
            for y in 0..<labels.size.height {
                var x = 0
                while x < width {
                    let label = values[y &* width &+ x]
                    let start = x
                    repeat { x &+= 1 } while x < width && values[y &* width &+ x] == label
                    if label != 0 {
                        pixels[label, default: PixelSet()].append(y: y, start: start, end: x)
                    }
                }
            }
        }
        return pixels.sorted { $0.key < $1.key }.compactMap { label, pixels in
            guard let box = pixels.region else { return nil }
            var object = NewObject(mask: BoxMask(pixels, box: box), source: source, label: label)
            (object.t, object.z) = (t, z)
            return object
        }
    }
}
