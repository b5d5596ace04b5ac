package import Files
package import Foundation
package import Imaging
import Zarr

/// The labels of tiles, or of slices, in a working folder, one array each, until they are stitched or merged.
package struct TileLabelStore: Sendable {
    package let url: URL
    private let group: ZarrGroup

    /// Opens the folder of an earlier run of the same work, or begins a new one.
    ///
    /// - Throws: `ZarrError` if the folder holds something else.
    package init(_ url: URL, description: JSONObject) throws {
        self.url = url
        if FileManager.default.fileExists(atPath: url.path), !Self.isEmpty(url) {
            let group = try ZarrGroup(opening: url)
            let found = try group.attributes()
            guard found["usam_tiles"] != nil else {
                throw ZarrError(
                    .exists,
                    path: url.path,
                    "the working folder holds other files",
                    advice: "remove it, or name another output"
                )
            }
            if found == description {
                self.group = group
                return
            }
            try FileManager.default.removeItem(at: url)
        }
        group = try ZarrGroup.create(at: url, format: .v3, attributes: description)
    }

    /// Whether a tile has labels of its size; fragments of a killed run do not count.
    package func hasLabels(ofTile tile: Int, size: Size) throws -> Bool {
        guard group.contains("\(tile)") else { return false }
        let array = try group.array("\(tile)")
        return array.shape == [size.height, size.width] && array.hasChunk([0, 0])
    }

    package func write(_ labels: LabelImage, tile: Int) throws {
        let name = "\(tile)"
        let array =
            group.contains(name)
            ? try group.array(name)
            : try group.createArray(
                name,
                shape: [labels.size.height, labels.size.width],
                dataType: .uint32,
                options: ZarrGroup.ArrayOptions(compression: .zstd(level: 1))
            )
        try array.write(labels.labels.withUnsafeBytes { Array($0) })
    }

    package func labels(ofTile tile: Int) throws -> LabelImage {
        // Safe because the memory of an array is aligned for numbers of 32 bits, and they are
        // copied.
        let array = try group.array("\(tile)")
        // A chunk that is missing would read as zeros: a tile without objects.
        guard array.shape.count == 2, array.metadata.dataType == .uint32, array.hasChunk([0, 0])
        else {
            throw ZarrError(
                .damaged,
                path: array.url.path,
                "no labels of a tile",
                advice: "remove the working folder"
            )
        }
        let bytes = try array.read()
        let labels = bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt32.self)) }
        return try LabelImage(
            size: Size(width: array.shape[1], height: array.shape[0]),
            labels: labels
        )
    }

    private static func isEmpty(_ url: URL) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: url.path)
        return (names ?? []).allSatisfy { FileReplacement.isFragment($0) }
    }
}
