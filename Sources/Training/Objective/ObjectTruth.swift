package import Imaging
package import Torch

/// The true objects of a sample that an iteration works with.
package struct ObjectTruth {
    /// One object.
    package struct Object {
        /// Its pixels.
        package let mask: RunLengthMask
        /// The smallest box around it, in pixels, the end excluded.
        package let box: Box<OriginalPixels>
    }

    /// The objects, in ascending order of labels.
    package let objects: [Object]

    /// Ones inside and zeros outside, `[objects, 1, height, width]`, float32.
    package let masks: Tensor

    package init(objects: [Object], masks: Tensor) {
        self.objects = objects
        self.masks = masks
    }

    /// Draws objects, all equally likely, and none twice.
    ///
    /// - Parameter limit: The most objects.
    package init(
        _ sample: TrainingSample,
        limit: Int,
        using random: inout SplitMix64,
        on device: Device
    ) throws {
        let labels = sample.instances
        var known = Set(labels.labels)
        known.remove(0)
        var chosen = known.sorted()
        while chosen.count > limit { chosen.remove(at: random.below(chosen.count)) }
        objects = chosen.compactMap { label in
            let mask = RunLengthMask(label, of: labels)
            return mask.boundingBox.map { Object(mask: mask, box: Box($0)) }
        }
        // Made as bytes and widened on the device.
        let count = labels.size.count
        var bytes = [UInt8](repeating: 0, count: objects.count * count)
        for (index, object) in objects.enumerated() {
            for run in object.mask.runs {
                for pixel in run.start..<run.end { bytes[index * count + pixel] = 1 }
            }
        }
        masks = try Tensor(
            bytes,
            shape: objects.count,
            1,
            labels.size.height,
            labels.size.width
        ).moved(to: device).converted(to: .float32)
    }

    /// Whether there is no object.
    var isEmpty: Bool { objects.isEmpty }
}

extension TrainingSample {
    /// How much pixels count in the loss of the decoder, `[height, width]`: `weight` near a border between two
    /// objects, 1 elsewhere.
    func borderWeights(_ weight: Double, on device: Device) throws(TensorError) -> Tensor {
        let isNear = instances.nearBordersBetweenObjects(within: Self.borderRadius)
        return try Tensor(
            isNear.samples.map { $0 ? Float(weight) : 1 },
            shape: instances.size.height,
            instances.size.width
        ).moved(to: device)
    }

    /// Pixels between a border and what counts as near to it.
    private static let borderRadius = 2

    /// What the decoder for automatic segmentation should predict, `[3, height, width]`; nil if the
    /// sample does not say.
    package func decoderTargets(on device: Device) throws(TensorError) -> Tensor? {
        guard let targets else { return nil }
        let maps = [targets.foreground, targets.centerDistances, targets.boundaryDistances]
        return try Tensor(
            maps.flatMap(\.samples),
            shape: 3,
            targets.size.height,
            targets.size.width
        ).moved(to: device)
    }
}
