import Foundation
import ImageFormats
import Imaging
import Prompting

/// The files of users' reports beside the checkout, rebuilt from simulated discs.
enum SharedCases {
    /// The folder; nil where it is missing, which is an error on the machines that decide.
    static let folder: URL? = {
        var folder = URL(filePath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        folder = folder.deletingLastPathComponent().appending(path: "shared/cases")
        if FileManager.default.fileExists(atPath: folder.path) { return folder }
        precondition(
            ProcessInfo.processInfo.environment["CI"] == nil,
            "the cases beside the checkout (../shared/cases) are missing"
        )
        print("skipped: no cases in ../shared/cases")
        return nil
    }()

    /// Opens a case; nil without the folder.
    static func open(_ path: String, _ options: ImageSource.Options = .init()) throws
        -> ImageSource?
    {
        try folder.map { try ImageSource(opening: $0.appending(path: path), options: options) }
    }
}

extension ImageSource {
    /// How many bright discs a plane shows, which tells the planes of the cases apart.
    func discs(_ plane: PlaneIndex = PlaneIndex()) throws -> Int {
        let pixels = try read(plane).floats()
        let values = pixels.samples
        let middle = ((values.min() ?? 0) + (values.max() ?? 0)) / 2
        let bright = try LabelImage(size: pixels.size, labels: values.map { $0 > middle ? 1 : 0 })
        return bright.splitIntoComponents(connectivity: .edgesAndCorners).objectLabels().count
    }

    /// The sentences of the notes in one text.
    var noteText: String { description.notes.map(\.description).joined(separator: "\n") }
}
