import Imaging
import Testing

@Suite("Simulated stacks")
struct VolumeSimulatorTests {
    private func simulator(sliceCount: Int, seed: UInt64 = 3) -> VolumeSimulator {
        var slice = NucleiSimulator(size: Size(width: 96, height: 80), seed: seed)
        slice.meanRadius = 9
        slice.coverage = 0.1
        return VolumeSimulator(slice, sliceCount: sliceCount)
    }

    @Test("The same values give the same stack, another seed another one")
    func repeated() throws {
        let stack = try simulator(sliceCount: 5).simulate()
        #expect(try simulator(sliceCount: 5).simulate() == stack)
        #expect(try simulator(sliceCount: 5, seed: 4).simulate() != stack)
    }

    @Test(
        "An object lies in slices that follow each other, and its sections overlap",
        arguments: [3, 7, 11]
    )
    func connected(seed: UInt64) throws {
        let stack = try simulator(sliceCount: 24, seed: seed).simulate()
        var slices: [UInt32: [Int]] = [:]
        for (number, slice) in stack.enumerated() {
            for label in slice.labels.objectLabels() { slices[label, default: []].append(number) }
        }
        #expect(slices.count > 4)
        for (label, numbers) in slices {
            #expect(numbers == Array(numbers[0]...numbers[numbers.count - 1]), "object \(label)")
            for (below, above) in zip(numbers, numbers.dropFirst()) {
                let pairs = zip(stack[below].labels.labels, stack[above].labels.labels)
                #expect(pairs.contains { $0 == label && $1 == label }, "object \(label)")
            }
        }
        // A nucleus of radius 9 is seen in at most two radii of slices at a distance of 3.
        #expect(
            slices.values.allSatisfy { $0.count <= 12 } && slices.values.contains { $0.count >= 3 }
        )
    }

    @Test("Nuclei shine in their slice, and a little beside it")
    func light() throws {
        let stack = try simulator(sliceCount: 12).simulate()
        func mean(_ slice: Int, _ isMeant: (Int) -> Bool) -> Double? {
            let values = stack[slice].image.samples.indices.filter(isMeant)
                .map { Double(stack[slice].image.samples[$0]) }
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        for number in 1..<11 {
            let (here, next) = (stack[number].labels.labels, stack[number + 1].labels.labels)
            guard let inside = mean(number, { here[$0] != 0 }),
                let beside = mean(number, { here[$0] == 0 && next[$0] != 0 }),
                let outside = mean(number, { here[$0] == 0 && next[$0] == 0 })
            else { continue }
            #expect(inside > 1.5 * outside && beside < inside && beside > outside)
        }
    }

    @Test("Values out of range are refused")
    func range() {
        var wrong = simulator(sliceCount: 0)
        #expect(throws: ImagingError.self) { try wrong.simulate() }
        wrong = simulator(sliceCount: 4)
        wrong.spacing = 0
        #expect(throws: ImagingError.self) { try wrong.simulate() }
        wrong = VolumeSimulator(
            NucleiSimulator(size: Size(width: 8192, height: 8192)),
            sliceCount: 20
        )
        #expect(throws: ImagingError.self) { try wrong.simulate() }
    }
}
