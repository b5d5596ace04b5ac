import Imaging
import Prompting
import Testing
import Volumes

@Suite("Masks that somebody has chosen")
struct KnownMaskTests {
    private let volume = PaintedVolume(slices: 7, with: [1, 2, 3, 4, 5])
    private let point = Prompt.point(Point(x: 20, y: 20))

    /// The object with a point in slice 3, which is known there as a disc of this radius.
    private func object(radius: Double) -> VolumeObject {
        var object = VolumeObject(id: 1, prompts: [3: [point]])
        object.known = [3: volume.mask(.init(x: 20, y: 20, radius: radius))]
        return object
    }

    @Test("A known mask is not predicted, and the object goes on from it")
    func known() async throws {
        let run = try VolumeRun([object(radius: 7)], in: volume.sessions)
        let parts = try await run.result()
        #expect(parts.map(\.slice) == [1, 2, 3, 4, 5])
        #expect(parts[2].pixels == volume.mask(.init(x: 20, y: 20, radius: 7)))
        #expect(parts[2].origin == .prompts)
        #expect(Set(volume.slices) == [0, 1, 2, 4, 5, 6])
    }

    @Test("Another known mask for the same prompts comes again")
    func changed() async throws {
        let run = try VolumeRun([object(radius: 7)], in: volume.sessions)
        _ = try await run.result()
        try await run.replace([object(radius: 6)])
        let first = try #require(try await run.next())
        #expect(
            first.slice == 3 && first.pixels.area < volume.mask(.init(x: 20, y: 20, radius: 7)).area
        )
        // More prompts in the slice: the mask that was chosen for fewer is not meant any more.
        try await run.add(VolumeObject(id: 1, prompts: [3: [point]]))
        let parts = try await run.result()
        #expect(parts[2].pixels == volume.mask(.init(x: 20, y: 20, radius: 8)))
    }
}
