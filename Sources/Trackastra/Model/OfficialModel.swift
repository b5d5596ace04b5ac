public import Foundation

/// The models that the authors of Trackastra offer for movies of planes.
///
/// Their files are not part of this package, and no hash of them is known here: what was downloaded cannot be verified.
public enum OfficialModel: String, CaseIterable, Codable, Hashable, Sendable {
    /// For cells, nuclei and bacteria of many kinds.
    case general = "general_2d"

    /// Trained on the movies of the Cell Tracking Challenge.
    case cellTrackingChallenge = "ctc"

    /// The archive; ``TrackastraModel/init(contentsOf:on:)`` opens it as it is.
    public var url: URL? {
        URL(
            string:
                "https://github.com/weigertlab/trackastra-models/releases/download/v0.3.0/\(rawValue).zip"
        )
    }
}
