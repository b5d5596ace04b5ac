import Imaging
import Prompting
import Synchronization
import Testing
import Volumes

@Suite("Objects on their way through a volume")
struct PropagationTests {
    /// An object with a point at (20, 20) in each slice.
    private func object(
        _ id: UInt32 = 1,
        in slices: [Int],
        x: Double = 20,
        stops: [Int] = []
    ) -> VolumeObject {
        var prompts: [Int: [Prompt]] = [:]
        for slice in slices { prompts[slice] = [.point(Point(x: x, y: 20))] }
        for slice in stops { prompts[slice] = [.point(Point(x: x, y: 20), .negative)] }
        return VolumeObject(id: id, prompts: prompts)
    }

    private func start(
        _ volume: PaintedVolume,
        _ objects: [VolumeObject],
        _ change: (inout PropagationOptions) -> Void = { _ in }
    ) throws -> VolumeRun {
        var options = PropagationOptions()
        change(&options)
        return try VolumeRun(objects, in: volume.sessions, options)
    }

    private func slices(_ masks: [SliceMask], of object: UInt32 = 1) -> [Int] {
        masks.filter { $0.object == object }.map(\.slice)
    }

    @Test("Slices come outwards from the prompt, and end where the object does")
    func outwards() async throws {
        let volume = PaintedVolume(slices: 12, with: Set(3...8))
        let run = try start(volume, [object(in: [5])])
        var order: [Int] = []
        for try await mask in run { order.append(mask.slice) }
        #expect(order == [5, 4, 6, 3, 7, 8])
        #expect(volume.slices == [5, 4, 6, 3, 7, 2, 8, 9])
        let result = try await run.result()
        #expect(slices(result) == [3, 4, 5, 6, 7, 8])
        #expect(
            result.map(\.origin) == [.projection, .projection, .prompts] + [
                .projection, .projection, .projection,
            ]
        )
    }

    @Test("A mask that overlaps the one before too little ends the object")
    func overlap() async throws {
        // From slice to slice the disc moves by a quarter of its diameter, so that the IoU is 0.52.
        let volume = PaintedVolume(slices: 5, with: Set(0...4), step: 4)
        let all = try await start(volume, [object(in: [0])]) { $0.overlapThreshold = 0.5 }.result()
        #expect(slices(all) == [0, 1, 2, 3, 4])
        let one = try await start(volume, [object(in: [0])]) { $0.overlapThreshold = 0.6 }.result()
        #expect(slices(one) == [0])
    }

    @Test("A negative point alone ends the object before its slice, also between others")
    func stops() async throws {
        let volume = PaintedVolume(slices: 12, with: Set(0...11))
        let both = try await start(volume, [object(in: [5], stops: [2, 8])]).result()
        #expect(slices(both) == [3, 4, 5, 6, 7])
        let middle = try await start(volume, [object(in: [2, 9], stops: [5])]).result()
        #expect(slices(middle) == [0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11])
        // micro-sam takes no notice of it.
        let reference = try await start(volume, [object(in: [2, 9], stops: [5])]) {
            $0.followsReference = true
        }.result()
        #expect(slices(reference) == Array(0...11))
        let next = try await start(volume, [object(in: [5], stops: [4, 6])]).result()
        #expect(slices(next) == [5])
    }

    @Test("Nothing but stops is refused, where micro-sam segments from an empty mask")
    func onlyStops() throws {
        let volume = PaintedVolume(slices: 12, with: Set(0...11))
        #expect(throws: VolumePromptError.nothingPositive(object: 1)) {
            try start(volume, [object(in: [], stops: [2, 10])])
        }
    }

    @Test("A range of slices limits the object; prompts outside of it are refused")
    func range() async throws {
        let volume = PaintedVolume(slices: 12, with: Set(0...11))
        let some = try await start(volume, [object(in: [5])]) { $0.slices = 4...7 }.result()
        #expect(slices(some) == [4, 5, 6, 7])
        #expect(throws: VolumePromptError.sliceOutside(object: 1, slice: 9, slices: 4...7)) {
            try start(volume, [object(in: [5, 9])]) { $0.slices = 4...7 }
        }
        #expect(throws: VolumePromptError.self) {
            try start(volume, [object(in: [5])]) { $0.slices = 4...12 }
        }
        #expect(throws: VolumePromptError.sliceOutside(object: 1, slice: 12, slices: 0...11)) {
            try start(volume, [object(in: [12])])
        }
    }

    @Test("Slices without the object end it, or are filled where it is found again")
    func patience() async throws {
        let volume = PaintedVolume(slices: 12, with: [4, 5, 6, 9, 10])
        let one = try await start(volume, [object(in: [5])]).result()
        #expect(slices(one) == [4, 5, 6])
        let three = try await start(volume, [object(in: [5])]) { $0.stopAfterEmpty = 3 }.result()
        #expect(slices(three) == [4, 5, 6, 7, 8, 9, 10])
        let shapes = three.filter { $0.origin == .shape }
        #expect(shapes.map(\.slice) == [7, 8])
        #expect(shapes.allSatisfy { $0.pixels.overlapsWell(volume, slice: 6) })
    }

    @Test(
        "Between two prompts the order is from both sides to the middle",
        arguments: [(3, 5, [4]), (3, 6, [4, 5]), (3, 7, [4, 6, 5]), (3, 4, [])]
    )
    func between(low: Int, high: Int, order: [Int]) async throws {
        let volume = PaintedVolume(slices: 8, with: Set(3...7))
        let run = try start(volume, [object(in: [low, high])]) { $0.slices = low...high }
        var found: [Int] = []
        for try await mask in run { found.append(mask.slice) }
        #expect(found == [low, high] + order)
    }

    @Test("Where the model loses the object between two prompts, shapes fill in")
    func lost() async throws {
        let volume = PaintedVolume(slices: 10, with: [2, 3, 7, 8])
        let result = try await start(volume, [object(in: [2, 8])]).result()
        #expect(slices(result) == [2, 3, 4, 5, 6, 7, 8])
        #expect(result.filter { $0.origin == .shape }.map(\.slice) == [4, 5, 6])
    }

    @Test("Shapes between two prompts follow an object that moves; the model is not asked")
    func interpolate() async throws {
        let volume = PaintedVolume(slices: 9, with: Set(0...8), step: 4)
        var last = object(in: [0])
        last.prompts[8] = [.point(Point(x: 52, y: 20))]
        let result = try await start(volume, [last]) { $0.filling = .interpolate }.result()
        #expect(volume.slices == [0, 8])
        #expect(slices(result) == Array(0...8))
        for mask in result { #expect(mask.pixels.overlapsWell(volume, slice: mask.slice)) }
    }

    @Test("The model is asked in the middle, then in the middle of each half")
    func bisect() async throws {
        let volume = PaintedVolume(slices: 9, with: [0, 1, 2, 3, 5, 6, 7, 8])
        let run = try start(volume, [object(in: [0, 8])]) { $0.filling = .bisect }
        var order: [Int] = []
        for try await mask in run { order.append(mask.slice) }
        #expect(order == [0, 8, 4, 2, 6, 1, 3, 5, 7])
        let result = try await run.result()
        #expect(result.filter { $0.origin == .shape }.map(\.slice) == [4])
        let low = try #require(result.first)
        let middle = try await volume.sessions.middle(of: low, result[6])
        #expect(middle?.slice == 3 && middle?.origin == .projection)
        #expect(try await volume.sessions.middle(of: low, result[1]) == nil)
    }

    @Test("Objects do not run into each other, nor into what is there")
    func others() async throws {
        // Two objects that become one disc from slice 4 on; the nearer prompt gets it.
        let separate = [
            PaintedVolume.Disc(x: 15, y: 20, radius: 6),
            PaintedVolume.Disc(x: 29, y: 20, radius: 6),
        ]
        let joined = [PaintedVolume.Disc(x: 18, y: 20, radius: 10)]
        let volume = PaintedVolume((0..<8).map { $0 < 4 ? separate : joined })
        let objects = [object(1, in: [3], x: 15), object(2, in: [0], x: 29)]
        let result = try await start(volume, objects) { $0.overlapThreshold = 0.1 }.result()
        for slice in 0..<8 {
            let masks = result.filter { $0.slice == slice }
            #expect(!masks.isEmpty)
            if masks.count == 2 {
                #expect(masks[0].pixels.intersectionArea(with: masks[1].pixels) == 0)
            }
        }
        #expect(slices(result, of: 1) == Array(0...7))
        let taken = volume.mask(joined[0])
        let run = try VolumeRun([objects[0]], in: volume.sessions) { $0 >= 4 ? taken : nil }
        #expect(slices(try await run.result()) == [0, 1, 2, 3])
    }

    @Test("What streams is what a run to the end gives; also with prompts that are added meanwhile")
    func added() async throws {
        let volume = PaintedVolume(slices: 16, with: Set(2...7).union(10...14))
        let all = [object(in: [4, 12], stops: [6])]
        let expected = try await start(volume, all).result()
        for count in 0...9 {
            let streamed = PaintedVolume(slices: 16, with: Set(2...7).union(10...14))
            let run = try start(streamed, [object(in: [4])])
            var shown: [Int: SliceMask] = [:]
            func show(_ mask: SliceMask?) {
                guard let mask else { return }
                shown[mask.slice] = mask.pixels.isEmpty ? nil : mask
            }
            for _ in 0..<count { show(try await run.next()) }
            try await run.add(object(in: [12]))
            show(try await run.next())
            try await run.add(object(in: [], stops: [6]))
            for try await mask in run { show(mask) }
            #expect(shown.values.sorted { $0.slice < $1.slice } == expected, "\(count)")
            #expect(try await run.result() == expected, "\(count)")
        }
    }

    @Test("Prompts that are added are predicted alone; what is known is not asked again")
    func known() async throws {
        let volume = PaintedVolume(slices: 16, with: Set(0...15))
        let run = try start(volume, [object(in: [4])]) { $0.slices = 0...8 }
        _ = try await run.result()
        #expect(await run.predictionCount == 9)
        try await run.add(object(2, in: [4], x: 59))
        var more: [SliceMask] = []
        for try await mask in run { more.append(mask) }
        #expect(more.isEmpty)
        #expect(await run.predictionCount == 10)
        await #expect(throws: VolumePromptError.self) {
            try await run.add(VolumeObject(id: 3, prompts: [:]))
        }
        #expect(try await run.result().count == 9)
    }

    @Test("A run ends between two slices when its work is cancelled")
    func cancelled() async throws {
        let volume = PaintedVolume(slices: 12, with: Set(0...11))
        let work = Work()
        let run = try VolumeRun([object(in: [5])], in: volume.sessions, .init(), .init(), work)
        _ = try await run.next()
        _ = try await run.next()
        work.cancel()
        await #expect(throws: CancellationError.self) { try await run.next() }
        #expect(volume.slices == [5, 4])
        let task = Task {
            let run = try VolumeRun([object(in: [5])], in: volume.sessions)
            volume.wait { _ in try await Task.sleep(for: .seconds(1000)) }
            return try await run.result()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("After a mask that could not be predicted, the run goes on where it was")
    func goesOn() async throws {
        struct Unreadable: Error {}
        let volume = PaintedVolume(slices: 8, with: Set(2...6))
        let run = try VolumeRun([object(in: [4])], in: volume.sessions)
        _ = try await run.next()
        volume.wait { _ in throw Unreadable() }
        for _ in 0..<2 {
            await #expect(throws: Unreadable.self) { try await run.next() }
        }
        volume.wait { _ in }
        let result = try await run.result()
        #expect(result.map(\.slice).sorted() == [2, 3, 4, 5, 6])
    }

    @Test("Two who ask at once, odd options and numbers are refused")
    func refused() async throws {
        let volume = PaintedVolume(slices: 3, with: Set(0...2))
        for change in [
            { (options: inout PropagationOptions) in options.overlapThreshold = 2 },
            { $0.boxExtension = -.infinity }, { $0.stopAfterEmpty = 0 },
            { $0.projection = MaskProjection(usesBox: false, usesMask: false, points: .none) },
        ] {
            #expect(throws: VolumePromptError.self) {
                try start(volume, [object(in: [1])], change)
            }
        }
        #expect(throws: VolumePromptError.sameNumber(1)) {
            try start(volume, [object(in: [1]), object(in: [2])])
        }
        var prompting = PromptOptions()
        prompting.masks = .all
        #expect(throws: VolumePromptError.self) {
            try VolumeRun([object(in: [1])], in: volume.sessions, .init(), prompting)
        }
        let run = try start(volume, [object(in: [1])])
        let isAsked = Mutex(false)
        volume.wait { _ in
            isAsked.withLock { $0 = true }
            while isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        }
        let first = Task { try await run.next() }
        while !isAsked.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        await #expect(throws: VolumeRunError.busy) { try await run.next() }
        isAsked.withLock { $0 = false }
        #expect(try await first.value?.slice == 1)
    }

    @Test(
        "An object of which the model finds nothing has no masks, and one slice is enough for a volume"
    )
    func nothing() async throws {
        let volume = PaintedVolume(slices: 4, with: [1])
        #expect(try await start(volume, [object(in: [3])]).result().isEmpty)
        #expect(slices(try await start(volume, [object(in: [1, 3])]).result()) == [1])
        let single = PaintedVolume(slices: 1, with: [0])
        #expect(slices(try await start(single, [object(in: [0])]).result()) == [0])
    }
}

extension RunLengthMask {
    /// Whether it is about the disc that a slice has, or would have.
    fileprivate func overlapsWell(_ volume: PaintedVolume, slice: Int) -> Bool {
        guard let disc = volume.discs[slice].first else { return false }
        return intersectionOverUnion(volume.mask(disc)) > 0.85
    }
}
