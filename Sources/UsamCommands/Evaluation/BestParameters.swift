package import Evaluation
import Files
package import Foundation
package import Prompting
import Segmentation

/// The parameters that a grid search found best, as they are stored.
package struct BestParameters: Codable, Equatable {
    /// How objects are found.
    package let mode: AutomaticMode

    /// Mean segmentation accuracy over the images of the search.
    package let meanAccuracy: Double

    /// Number of these images.
    package let images: Int

    /// Values by micro-sam's names.
    package let parameters: [String: ParameterValue]

    /// Combines what a search found.
    package init(
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
    package init(reading file: String) throws {
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
    package func text() throws -> Data {
        Data(try JSONText.encode(self, keys: .asDeclared).utf8)
    }

    /// Parameters that are switches as options of `usam segment`: they are given or not.
    private static let switches: Set = [
        "intersection_over_min", "multimasking", "refine_with_box_prompts",
    ]

    /// The options of `usam segment` that stand for the mode and these parameters.
    package var optionText: String {
        let options = parameters.keys.sorted().compactMap { name -> String? in
            guard let value = parameters[name] else { return nil }
            let option = "--\(name.replacingOccurrences(of: "_", with: "-"))"
            if Self.switches.contains(name) { return value.flag ? option : nil }
            return "\(option) \(value)"
        }
        return (["--mode \(mode.rawValue)"] + options).joined(separator: " ")
    }
}
