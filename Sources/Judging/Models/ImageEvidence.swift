import Imaging
import Prompting
import Segmentation

/// An image that went through the networks: labels for any parameters, and embeddings for prompts.
struct ImageEvidence {
    /// For prompts.
    let embeddings: ImageEmbeddings

    private var objects: InitializedImage?

    /// Runs the networks.
    ///
    /// - Parameter mode: How objects are found; nil if only prompts are asked for.
    init(
        of image: Raster<UInt8>,
        _ mode: AutomaticMode?,
        _ predictor: ImagePredictor,
        _ enlargement: Enlargement?
    ) throws {
        let embedded = try predictor.embed(image, enlargement)
        embeddings = embedded.embeddings
        objects = try mode.map { try InitializedImage($0, image, embedded, predictor) }
    }

    /// The objects for some parameters, by micro-sam's names; nil if only prompts were asked for.
    mutating func labels(_ parameters: [String: Double]) throws -> LabelImage? {
        try objects?.segmented(parameters)
    }
}
