public import Evaluation
import Files
public import Foundation
public import Prompting

/// The parameters that a grid search found best, as they are stored.
public struct BestParameters: Codable, Hashable, Sendable {
    /// How objects are found.
    public let mode: AutomaticMode

    /// Mean segmentation accuracy over the images of the search.
    public let meanAccuracy: Double

    /// Number of these images.
    public let images: Int

    /// Values by micro-sam's names.
    public let parameters: [String: ParameterValue]

    /// Combines what a search found.
    public init(
        mode: AutomaticMode,
        meanAccuracy: Double,
        images: Int,
        parameters: [String: ParameterValue]
    ) {
        self.mode = mode
        self.meanAccuracy = meanAccuracy
        self.images = images
        self.parameters = parameters
    }

    /// Reads a file that a grid search wrote.
    ///
    /// - Throws: ``JudgingError/parametersUnreadable(file:)`` or ``JudgingError/noParameters(file:)``.
    public init(reading file: String) throws(JudgingError) {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw .parametersUnreadable(file: file)
        }
        do {
            self = try JSONText.decode(BestParameters.self, from: data, keys: .asDeclared)
        } catch {
            throw .noParameters(file: file)
        }
    }

    /// The file's content.
    public func text() throws -> Data {
        Data(try JSONText.encode(self, keys: .asDeclared).utf8)
    }
}
