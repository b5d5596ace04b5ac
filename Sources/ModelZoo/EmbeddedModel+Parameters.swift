extension EmbeddedModel {
    /// The parameters of automatic segmentation that the file of the model carries, by micro-sam's names.
    ///
    /// They stand here for help texts, which are made before any file is opened.
    public static let parameters: [String: Double] = [
        "boundary_distance_threshold": 0.6, "center_distance_threshold": 0.5,
        "distance_smoothing": 1.0, "foreground_threshold": 0.4, "min_size": 0,
    ]
}
