import Imaging
import Segmentation

/// The networks as a batch sees them.
struct NetworkMapPredictor: MapPredictor {
    private let predictor: ImagePredictor

    init(_ predictor: ImagePredictor) { self.predictor = predictor }

    func maps(of image: Raster<UInt8>, _ clock: inout StageClock) throws -> InstanceMaps {
        let embedding = try clock.measure(.encode) { try predictor.embed(image) }
        return try clock.measure(.decode) { try predictor.instanceMaps(of: embedding) }
    }
}
