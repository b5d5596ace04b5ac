import Annotations
import Foundation
import Testing
import TrackFiles
import Tracking

@Suite("Tracks of files on movies of a project")
struct TrackImportTests {
    /// A movie of two objects that walk, 1 and 2, and its graph as a GEFF.
    private func linked(_ name: String, rows: (Int, Int)) throws -> (MovieProject, URL) {
        let movie = try MovieProject(frames: 4)
        for t in 0..<4 {
            try movie.square(t: t, x: 20 + 2 * t, y: rows.0, label: 1)
            try movie.square(t: t, x: 120 + 2 * t, y: rows.1, label: 2)
        }
        let url = movie.test.folder.appending(path: name)
        try GEFFWriter().write(movie.project.lineage(image: movie.image), to: url)
        return (movie, url)
    }

    @Test("A GEFF of objects that have the same numbers elsewhere is refused, and changes nothing")
    func otherObjects() throws {
        let (movie, own) = try linked("own.geff", rows: (20, 20))
        let (other, foreign) = try linked("foreign.geff", rows: (45, 0))
        let before = try movie.project.current(image: movie.image)
        let error = try #require(throws: TrackFileError.self) {
            try movie.project.importTracks(foreign.path, into: movie.image, client: UUID())
        }
        #expect(error.kind == .mismatch && error.problem.contains("8 of 8 nodes"), "\(error)")
        #expect(try movie.project.current(image: movie.image) == before)
        _ = try movie.project.importTracks(own.path, into: movie.image, client: UUID())
        #expect(try movie.tracks == ["1: 0 1 2 3", "2: 0 1 2 3"])
        #expect(try other.tracks.count == 2)
    }
}
