package import Imaging

/// Finds foreground and distances in an image: the model, as a batch sees it.
package protocol MapPredictor {
    /// Predicts the maps of an image, in the steps `encode` and `decode`.
    ///
    /// - Parameter image: Three channels, stretched to 0...255.
    func maps(of image: Raster<UInt8>, _ clock: inout StageClock) throws -> InstanceMaps
}
