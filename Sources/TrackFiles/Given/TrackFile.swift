import Files
public import Foundation

/// Tracks of another program, in any of the formats that are read.
public enum TrackFile: Sendable {
    /// A folder of the Cell Tracking Challenge, which has label images of its own.
    case challenge(CTCFolder)
    /// A GEFF, whose nodes are objects of label images beside it.
    case graph(GEFFFile)
    /// A file of TrackMate, whose spots have outlines, or are objects of label images beside it.
    case trackMate(TrackMateFile)

    /// Whether a path holds tracks, as far as names and descriptions tell.
    public static func isOne(_ url: URL) -> Bool {
        TrackMateFile.isOne(url) || CTCFolder.isOne(url) || GEFFFile.isOne(url)
    }

    /// Reads tracks; of a folder of the Cell Tracking Challenge only the table.
    ///
    /// Of a file of TrackMate, what TrackMate shows is read.
    ///
    /// - Throws: ``TrackFileError`` if there are no tracks, or they make no lineage; errors of `ImageFormats` and `Zarr`.
    public init(reading url: URL) throws {
        guard FileStatus(of: url.path) != nil else {
            throw TrackFileError(.cannotOpen, path: url.path, "there is no such file")
        }
        if TrackMateFile.isOne(url) {
            self = .trackMate(try TrackMateFile(reading: url, onlyVisible: true))
        } else if CTCFolder.isOne(url) {
            self = .challenge(try CTCFolder(reading: url))
        } else if GEFFFile.isOne(url) {
            self = .graph(try GEFFFile(reading: url))
        } else {
            throw TrackFileError(
                .cannotOpen,
                path: url.path,
                "no tracks in a format that is read",
                advice:
                    "give a folder of the Cell Tracking Challenge, a GEFF, or the XML of TrackMate"
            )
        }
    }
}
