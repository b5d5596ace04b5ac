import Files
public import Foundation

/// The default model, which ships with the program.
public enum EmbeddedModel {
    /// Its name.
    public static let name = "usam-tiny"

    private static let resource = PackagedResource(
        "usam-tiny.safetensors",
        ofTarget: "ModelZoo"
    )

    /// The file of the model.
    ///
    /// - Throws: ``ModelZooError/embeddedModelMissing(searched:)``.
    public static func url() throws(ModelZooError) -> URL {
        do {
            return try resource.url()
        } catch {
            throw .embeddedModelMissing(
                searched: resource.places(in: PackagedResource.folders).map(\.path)
            )
        }
    }
}
