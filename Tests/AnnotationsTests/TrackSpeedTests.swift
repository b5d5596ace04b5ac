import Annotations
import Foundation
import Imaging
import Testing
import Tracking

/// How long an edit takes in a movie of 10 000 objects; prints times and asserts none.
@Suite(
    "Speed of tracks",
    .enabled(if: ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil)
)
struct TrackSpeedTests {
    @Test("Edits of tracks and the tracks that the page asks for, at 10 000 nodes")
    func edits() throws {
        let frames = 100
        let test = try TestProject(ImageShape(t: frames, y: 512, x: 512))
        var objects: [NewObject] = []
        for t in 0..<frames {
            for index in 0..<100 {
                let (row, column) = (index / 10, index % 10)
                let x = 51 * column + 4 + t % 20
                let mask = try box(y: 51 * row + 4, x: x, height: 20, width: 20)
                var object = NewObject(mask: mask, source: .imported, label: UInt32(index + 1))
                object.t = t
                objects.append(object)
            }
        }
        try test.apply(.importLabels(objects))
        let node = { (t: Int, label: UInt32) in TrackNode(t: t, label: label) }
        try time("cut in the last frames, and tracks", test, .break(node(95, 5)))
        try time("cut in the middle, and tracks", test, .break(node(50, 45)))
        try time("connect again, and tracks", test, .connect(node(49, 45), node(50, 102)))
        try time("swap in the middle, and tracks", test, .swap(node(50, 12), node(50, 13)))
        try time("delete one, and tracks", test, .delete([node(50, 14)]))
        let undo = try Self.milliseconds {
            try test.project.undo(image: test.image, client: test.client)
        }
        let all = try Self.milliseconds { _ = try test.project.tracks(image: test.image) }
        print("undo: \(undo), all tracks: \(all)")
    }

    private func time(_ words: String, _ test: TestProject, _ edit: TrackEdit) throws {
        var answer: EditAnswer?
        let first = try Self.milliseconds { answer = try test.apply(.track(edit)) }
        let labels = Set(answer?.objects.map(\.label) ?? [])
        let second = try Self.milliseconds {
            _ = try test.project.tracks(image: test.image, labels: labels)
        }
        print("\(words): \(first) and \(second), \(answer?.tiles.count ?? 0) tiles")
    }

    /// Processor time, which other work beside it does not lengthen, and time by the clock.
    private static func milliseconds(_ body: () throws -> Void) rethrows -> String {
        let (start, begun) = (clock(), ContinuousClock.now)
        try body()
        let used = Double(clock() - start) / Double(CLOCKS_PER_SEC) * 1000
        let passed = (ContinuousClock.now - begun) / .milliseconds(1)
        return String(format: "%.1f ms of processor time (%.1f ms)", used, passed)
    }
}
