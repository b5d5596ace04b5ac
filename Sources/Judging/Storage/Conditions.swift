import Files
import Foundation

/// The file that says what the measurements of a folder depend on, so that those of two models never mix.
struct ConditionsFile {
    /// The folder, as the user named it.
    let folder: String

    /// What the measurements are.
    let kind: JudgingError.Measurements

    private var file: URL { URL(filePath: folder).appending(path: "settings.json") }

    /// Checks that the folder holds nothing of other conditions.
    ///
    /// - Parameters:
    ///   - conditions: The conditions of the new measurements, as text.
    ///   - hasMeasurements: Whether there are measurements already.
    /// - Throws: ``JudgingError/otherConditions(folder:_:)`` or
    ///   ``JudgingError/conditionsUnreadable(folder:_:)``.
    func check(_ conditions: String, hasMeasurements: Bool) throws(JudgingError) {
        guard FileManager.default.fileExists(atPath: file.path) else {
            // Measurements without conditions may be of any model.
            if hasMeasurements { throw .conditionsUnreadable(folder: folder, kind) }
            return
        }
        guard let known = try? Data(contentsOf: file) else {
            throw .conditionsUnreadable(folder: folder, kind)
        }
        guard known == Data(conditions.utf8) else { throw .otherConditions(folder: folder, kind) }
    }

    /// Notes the conditions.
    func write(_ conditions: String) throws(JudgingError) {
        do {
            try FileReplacement.write(conditions, to: file.path)
        } catch {
            throw .notWritten(file: file.path)
        }
    }
}
