import Imaging
import Jobs
import Prompting
import Testing
import Tracking
import Volumes

@Suite("Tracks from masks")
struct PromptedTracksTests {
    private func masks(_ object: UInt32, _ frames: [Int]) -> [SliceMask] {
        let pixel = RunLengthMask(
            ellipseIn: Box(minX: 0, minY: 0, maxX: 4, maxY: 4),
            size: Size(width: 5, height: 5)
        )
        return frames.map {
            SliceMask(object: object, slice: $0, pixels: pixel, origin: .projection)
        }
    }

    @Test("Gaps divide a track; daughters belong to its last part")
    func gaps() {
        let objects = [
            TrackObject(id: 1, prompts: [:]), TrackObject(id: 3, prompts: [:], parent: 1),
            TrackObject(id: 4, prompts: [:], parent: 2), TrackObject(id: 2, prompts: [:]),
        ]
        let table = PromptedTracks(
            masks(1, [0, 1, 4, 5, 7]) + masks(3, [8, 9]) + masks(4, [3]),
            of: objects
        )
        #expect(
            table.records == [
                TrackRecord(id: 1, first: 0, last: 1),
                TrackRecord(id: 3, first: 8, last: 9, parent: 6),
                // Its mother was not found.
                TrackRecord(id: 4, first: 3, last: 3),
                TrackRecord(id: 5, first: 4, last: 5, parent: 1),
                TrackRecord(id: 6, first: 7, last: 7, parent: 5),
            ]
        )
        #expect([0, 1, 4, 5, 7].map { table.track(of: 1, in: $0) } == [1, 1, 5, 5, 6])
        #expect(PromptedTracks([], of: objects).records.isEmpty)
    }
}
