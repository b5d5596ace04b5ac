import Imaging
import Prompting
import Testing
import Volumes

@Suite("Objects on their way through a movie")
struct TrackRunTests {
    /// An object with a point at (x, 20) in each frame.
    private func object(
        _ id: UInt32 = 1,
        in frames: [Int],
        x: Double = 20,
        stops: [Int] = [],
        parent: UInt32? = nil,
        divides: Int? = nil
    ) -> TrackObject {
        var prompts: [Int: [Prompt]] = [:]
        for frame in frames { prompts[frame] = [.point(Point(x: x, y: 20))] }
        for frame in stops { prompts[frame] = [.point(Point(x: x, y: 20), .negative)] }
        return TrackObject(id: id, prompts: prompts, parent: parent, divisionFrame: divides)
    }

    private func start(
        _ movie: PaintedVolume,
        _ objects: [TrackObject],
        _ change: (inout PropagationOptions) -> Void = { _ in }
    ) throws -> TrackRun {
        var options = PropagationOptions()
        change(&options)
        return try TrackRun(objects, in: movie.sessions, options)
    }

    /// The frames of an object.
    private func frames(_ masks: [SliceMask], of object: UInt32 = 1) -> [Int] {
        masks.filter { $0.object == object }.map(\.slice)
    }

    /// A cell that becomes two in frame 3, of which the left one becomes two in frame 6.
    private let family = PaintedVolume(
        (0..<9).map { frame in
            let discs: [(x: Double, radius: Double)] =
                switch frame {
                case ..<3: [(30, 8)]
                case ..<6: [(20, 6), (40, 6)]
                default: [(14, 4), (25, 4), (40, 6)]
                }
            return discs.map { PaintedVolume.Disc(x: $0.x, y: 20, radius: $0.radius) }
        }
    )

    @Test("Frames come forward from the prompt, never backward")
    func forward() async throws {
        let movie = PaintedVolume(slices: 8, with: Set(0...6))
        let run = try start(movie, [object(in: [3])])
        var order: [Int] = []
        for try await mask in run { order.append(mask.slice) }
        #expect(order == [3, 4, 5, 6])
        #expect(movie.slices == [3, 4, 5, 6, 7])
    }

    @Test("A prompt in the last frame, and a movie of one frame, are no mistakes")
    func lastFrame() async throws {
        let movie = PaintedVolume(slices: 5, with: Set(0...4))
        #expect(frames(try await start(movie, [object(in: [4])]).result()) == [4])
        let single = PaintedVolume(slices: 1, with: [0])
        #expect(frames(try await start(single, [object(in: [0])]).result()) == [0])
    }

    @Test("The overlap is that with the place where the object is expected")
    func motion() async throws {
        // From frame to frame the disc moves by its radius, so that the IoU of neighbours is 0.24.
        let movie = PaintedVolume(slices: 5, with: Set(0...4), radius: 6, step: 6)
        let all = [object(in: [0]), object(in: [1], x: 26)]
        var both = all[0]
        both.prompts.merge(all[1].prompts) { first, _ in first }
        let known = try await start(movie, [both]).result()
        #expect(frames(known) == [0, 1, 2, 3, 4])
        #expect(known.allSatisfy { $0.origin != .shape })
        // Without a second mask nothing is known of its motion.
        #expect(frames(try await start(movie, [all[0]]).result()) == [0])
    }

    @Test("An object ends where it leaves the image")
    func leaves() async throws {
        let movie = PaintedVolume(
            (0..<8).map { [PaintedVolume.Disc(x: 30 + 10 * Double($0), y: 20, radius: 8)] }
        )
        var cell = object(in: [0], x: 30)
        cell.prompts[1] = [.point(Point(x: 40, y: 20))]
        let result = try await start(movie, [cell]) { $0.overlapThreshold = 0.1 }.result()
        #expect(frames(result) == [0, 1, 2, 3])
        #expect(result.allSatisfy { !$0.pixels.isEmpty })
    }

    @Test("A stop ends the object, also in the next frame; it goes on at its next prompts")
    func stops() async throws {
        let movie = PaintedVolume(slices: 10, with: Set(0...9))
        func result(_ frames: [Int], stops: [Int]) async throws -> [Int] {
            self.frames(try await start(movie, [object(in: frames, stops: stops)]).result())
        }
        #expect(try await result([0], stops: [4]) == [0, 1, 2, 3])
        #expect(try await result([0], stops: [1]) == [0])
        #expect(try await result([0, 6], stops: [3]) == [0, 1, 2, 6, 7, 8, 9])
        // micro-sam tracks an empty mask from there, and takes no notice of one between prompts.
        #expect(try await result([5], stops: [0]) == [5, 6, 7, 8, 9])
        let reference = try await start(movie, [object(in: [0, 6], stops: [3])]) {
            $0.followsReference = true
        }.result()
        #expect(frames(reference) == Array(0...9))
        #expect(throws: TrackPromptError.nothingPositive(object: 1)) {
            try start(movie, [object(in: [], stops: [2])])
        }
    }

    @Test("Daughters end their mother in the frame before; their daughters do the same")
    func daughters() async throws {
        let objects = [
            object(1, in: [0], x: 30), object(2, in: [3], x: 20, parent: 1),
            object(3, in: [3], x: 40, parent: 1), object(4, in: [6], x: 14, parent: 2),
            object(5, in: [6], x: 25, parent: 2),
        ]
        let result = try await start(family, objects) { $0.overlapThreshold = 0.1 }.result()
        #expect(frames(result, of: 1) == [0, 1, 2])
        #expect(frames(result, of: 2) == [3, 4, 5])
        #expect(frames(result, of: 3) == [3, 4, 5, 6, 7, 8])
        #expect(frames(result, of: 4) == [6, 7, 8] && frames(result, of: 5) == [6, 7, 8])
    }

    @Test("A division in the first frame ends the mother there; daughters get numbers nobody has")
    func division() async throws {
        let run = try start(family, [object(1, in: [2], x: 30), object(7, in: [3], x: 40)])
        #expect(frames(try await run.result()).first == 2)
        let daughters = try await run.divide(1, in: 2)
        #expect(daughters == [8, 9])
        #expect(frames(try await run.result()) == [2])
        try await run.add(object(8, in: [3], x: 20, parent: 1))
        let granddaughters = try await run.divide(8, in: 5)
        #expect(granddaughters == [9, 10])
        try await run.add(object(9, in: [6], x: 14, parent: 8))
        let result = try await run.result()
        #expect(frames(result, of: 8) == [3, 4, 5] && frames(result, of: 9) == [6, 7, 8])
        #expect(await run.objects.map(\.parent) == [nil, nil, 1, 8])
    }

    @Test("The division of one object does not end another with prompts in the same frame")
    func divisionOfAnother() async throws {
        let movie = PaintedVolume(slices: 8, with: Set(0...7))
        let other = object(2, in: [4], x: 55, divides: 4)
        let result = try await start(movie, [object(in: [0, 4]), other]).result()
        #expect(frames(result) == Array(0...7))
    }

    @Test("What contradicts a division is refused")
    func contradictions() throws {
        func error(_ objects: [TrackObject]) -> TrackPromptError? {
            do throws(TrackPromptError) {
                _ = try TrackRun(objects, in: family.sessions)
                return nil
            } catch {
                return error
            }
        }
        let mother = object(1, in: [0], x: 30, divides: 2)
        #expect(error([mother, object(2, in: [3], parent: 1)]) == nil)
        #expect(
            error([object(1, in: [0, 5], divides: 2)])
                == .promptsAfterDivision(object: 1, frame: 5, division: 2)
        )
        #expect(
            error([mother, object(2, in: [2], parent: 1)])
                == .daughterTooEarly(object: 2, frame: 2, parent: 1, last: 2)
        )
        #expect(
            error([object(1, in: [3]), object(2, in: [3], parent: 1)])
                == .daughterTooEarly(object: 2, frame: 3, parent: 1, last: 3)
        )
        #expect(
            error([object(1, in: [0], parent: 2), object(2, in: [3], parent: 1)])
                == .daughterTooEarly(object: 1, frame: 0, parent: 2, last: 3)
        )
        #expect(error([object(2, in: [2], parent: 1)]) == .parentUnknown(object: 2, parent: 1))
        #expect(
            error([object(1, in: [9])]) == .frameOutside(object: 1, frame: 9, frames: 0...8)
        )
        #expect(error([mother, mother]) == .sameNumber(1))
        for refused in [
            TrackPromptError.parentUnknown(object: 2, parent: 1),
            .promptsAfterDivision(object: 1, frame: 5, division: 2),
        ] {
            #expect(refused.description.hasPrefix("object "))
        }
    }

    @Test("Lost between two frames with prompts, the object is filled with shapes")
    func lost() async throws {
        let movie = PaintedVolume(slices: 10, with: [0, 1, 2, 6, 7])
        let run = try start(movie, [object(in: [0, 6])])
        var order: [Int] = []
        for try await mask in run { order.append(mask.slice) }
        #expect(order == [0, 1, 2, 6, 3, 4, 5, 7])
        let shapes = try await run.result().filter { $0.origin == .shape }
        #expect(shapes.map(\.slice) == [3, 4, 5])
        // micro-sam goes on from nothing.
        let reference = try await start(movie, [object(in: [0, 6])]) {
            $0.followsReference = true
        }.result()
        #expect(frames(reference) == [0, 1, 2, 6, 7])
    }

    @Test(
        "Frames between two prompts can be filled from both sides",
        arguments: [PropagationOptions.Filling.interpolate, .bisect]
    )
    func filled(filling: PropagationOptions.Filling) async throws {
        let movie = PaintedVolume(slices: 10, with: Set(0...9), step: 3)
        var cell = object(in: [0])
        cell.prompts[6] = [.point(Point(x: 38, y: 20))]
        let result = try await start(movie, [cell]) { $0.filling = filling }.result()
        #expect(frames(result) == Array(0...9))
        #expect(result.count { $0.origin == .shape } == (filling == .interpolate ? 5 : 0))
    }

    @Test("Patience bridges frames without the object")
    func patience() async throws {
        let movie = PaintedVolume(slices: 9, with: [0, 1, 2, 5, 6], step: 2)
        let one = try await start(movie, [object(in: [0])]).result()
        #expect(frames(one) == [0, 1, 2])
        let three = try await start(movie, [object(in: [0])]) { $0.stopAfterEmpty = 3 }.result()
        #expect(frames(three) == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test("Where the model finds nothing at prompts, the object goes on without them")
    func nothing() async throws {
        let movie = PaintedVolume(slices: 6, with: Set(0...5))
        var cell = object(in: [0])
        cell.prompts[2] = [.point(Point(x: 50, y: 35))]
        #expect(frames(try await start(movie, [cell]).result()) == Array(0...5))
    }

    @Test("Prompts that are added change what comes after them only")
    func added() async throws {
        let movie = PaintedVolume(slices: 12, with: Set(0...11))
        let run = try start(movie, [object(in: [0])])
        #expect(try await run.result().count == 12)
        #expect(await run.predictionCount == 12)
        try await run.add(object(in: [], stops: [5]))
        var changed: [SliceMask] = []
        for try await mask in run { changed.append(mask) }
        #expect(changed.allSatisfy { $0.pixels.isEmpty })
        #expect(changed.map(\.slice) == Array(5...11))
        #expect(await run.predictionCount == 12)
        try await run.add(object(in: [8]))
        #expect(frames(try await run.result()) == [0, 1, 2, 3, 4, 8, 9, 10, 11])
        await #expect(throws: TrackPromptError.self) {
            try await run.add(object(4, in: [2], parent: 3))
        }
        #expect(await run.objects.count == 1)
    }

    @Test("All objects of a frame are asked for together, and each frame once")
    func together() async throws {
        let run = try start(
            family,
            [
                object(1, in: [0], x: 30), object(2, in: [3], x: 20, parent: 1),
                object(3, in: [3], x: 40, parent: 1),
            ]
        ) { $0.overlapThreshold = 0.1 }
        _ = try await run.result()
        #expect(family.slices == Array(0...8))
    }

    @Test("Objects keep to their range, and to what others leave")
    func range() async throws {
        let movie = PaintedVolume(slices: 10, with: Set(0...9))
        let some = try await start(movie, [object(in: [2])]) { $0.slices = 1...5 }.result()
        #expect(frames(some) == [2, 3, 4, 5])
        #expect(throws: TrackPromptError.self) {
            try start(movie, [object(in: [2])]) { $0.slices = 1...10 }
        }
        #expect(throws: TrackPromptError.self) {
            try start(movie, [object(in: [2])]) { $0.motionSmoothing = 2 }
        }
        let taken = movie.mask(movie.discs[0][0])
        let run = try TrackRun([object(in: [0])], in: movie.sessions) { $0 >= 4 ? taken : nil }
        #expect(frames(try await run.result()) == [0, 1, 2, 3])
    }
}
