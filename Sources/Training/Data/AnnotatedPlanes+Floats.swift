import ImageFormats
import Imaging

extension AnnotatedPlanes {
    /// The pixels of a part of a plane for augmentation: one channel, or three as the model sees them.
    ///
    /// Of two channels the third is empty; opacity is dropped.
    func floats(plane: Int, region: Region? = nil) throws -> Raster<Float> {
        let stored = try image(plane: plane, region: region).floats()
        guard stored.channels != channels else { return stored }
        let (from, to) = (stored.channels, channels)
        var samples = [Float](repeating: 0, count: stored.size.count * to)
        for pixel in 0..<stored.size.count {
            for channel in 0..<min(from, to) {
                samples[pixel * to + channel] = stored.samples[pixel * from + channel]
            }
        }
        return Raster(unchecked: stored.size, channels: to, samples: samples)
    }
}
