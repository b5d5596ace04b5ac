import Evaluation
import Foundation
import Segmentation

/// The parameters that a grid search found best, as they are stored.
struct BestParameters: Codable {
    /// How objects are found.
    let mode: AutomaticMode

    /// Mean segmentation accuracy over the images of the search.
    let meanAccuracy: Double

    /// Number of these images.
    let images: Int

    /// Values by micro-sam's names.
    let parameters: [String: ParameterValue]

    init(
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
    init(reading file: String) throws {
        guard let data = try? Data(contentsOf: URL(filePath: file)) else {
            throw CommandFailure("\(file): the parameters can not be read")
        }
        do {
            self = try JSONDecoder().decode(BestParameters.self, from: data)
        } catch {
            throw CommandFailure(
                "\(file): these are no parameters as 'usam evaluate grid-search' writes them"
            )
        }
    }

    /// The file's content.
    func text() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// The options of `usam segment` that stand for these parameters.
    var optionText: String {
        parameters.keys.sorted().map { name in
            let value = parameters[name].map { "\($0)" } ?? ""
            return "--\(name.replacingOccurrences(of: "_", with: "-")) \(value)"
        }
        .joined(separator: " ")
    }
}
