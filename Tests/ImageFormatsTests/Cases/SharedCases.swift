import Foundation
import ImageFormats
import Imaging
import Prompting
import TestFixtures

/// The files of users' reports beside the checkout, rebuilt from simulated discs.
enum SharedCases {
    /// The folder; nil where it is missing.
    static var folder: URL? { Fixtures.cases }

    /// Opens a case; nil without the folder.
    static func open(_ path: String, _ options: ImageSource.Options = .init()) throws
        -> ImageSource?
    {
        try folder.map { try ImageSource(opening: $0.appending(path: path), options: options) }
    }
}

extension Raster<Float> {
    /// How many bright discs a plane shows, which tells the planes of the cases apart.
    func discs() throws -> Int {
        let middle = ((samples.min() ?? 0) + (samples.max() ?? 0)) / 2
        let bright = try LabelImage(size: size, labels: samples.map { $0 > middle ? 1 : 0 })
        return bright.splitIntoComponents(connectivity: .edgesAndCorners).objectLabels().count
    }
}

extension ImageSource {
    /// How many bright discs a plane shows.
    func discs(_ plane: PlaneIndex = PlaneIndex()) throws -> Int {
        try read(plane).floats().discs()
    }

    /// The sentences of the notes in one text.
    var noteText: String { description.notes.map(\.description).joined(separator: "\n") }
}
