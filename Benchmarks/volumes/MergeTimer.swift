import Foundation
import Imaging
import Prompting
import Volumes

/// The processor time of merging 64 slices of 256 x 256 pixels with 100 objects each.
enum MergeTimer {
    static func run(gap: Int) throws {
        let truth = SimulatedVolume.neurites(slices: 64, side: 256, count: 100, seed: 3)
        let slices = try SliceDamage(
            name: "",
            merged: 0.04,
            split: 0.04,
            missing: 0.02,
            jitter: 0.7
        )
        .slices(truth, seed: 1).map { $0.relabeledSequentially() }
        for method in VolumeOptions.Merging.allCases {
            var best = Double.infinity
            var parts: [Double] = []
            for _ in 0..<7 {
                let times = try measured(slices, VolumeOptions(method, gap: gap))
                if times.reduce(0, +) < best { (best, parts) = (times.reduce(0, +), times) }
            }
            let text = parts.map { String(format: "%.1f", 1000 * $0) }.joined(separator: " + ")
            print(
                String(format: "%.1f ms", 1000 * best)
                    + " processor time, \(method.rawValue), gap \(gap): \(text) (graph, merge, labels)"
            )
        }
    }

    /// Seconds of making the graph, of merging, and of writing labels.
    private static func measured(_ given: [LabelImage], _ options: VolumeOptions) throws -> [Double]
    {
        let start = seconds()
        let slices = try given.closed(options)
        var builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
        for slice in slices { try builder.add(slice) }
        let graph = builder.finish()
        let middle = seconds()
        let merge = VolumeMerge(graph, options)
        let merged = seconds()
        var assembly = VolumeAssembly(merge)
        for slice in slices { _ = try assembly.add(slice) }
        while assembly.finish() != nil {}
        return [middle - start, merged - middle, seconds() - merged]
    }

    /// Processor time of this process, user and system.
    private static func seconds() -> Double {
        var usage = rusage()
        #if os(macOS)
            getrusage(RUSAGE_SELF, &usage)
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #endif
        func value(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return value(usage.ru_utime) + value(usage.ru_stime)
    }
}

/// The peak memory of merging slices that come one after the other.
enum MemoryTest {
    static func run(slices count: Int) throws {
        let scene = SimulatedVolume.neurites(slices: 16, side: 512, count: 300, seed: 5)
        // Up and down the scene, so that objects go on.
        func slice(_ number: Int) -> LabelImage {
            let place = number % 30
            return scene[place < 16 ? place : 30 - place]
        }
        for method in VolumeOptions.Merging.allCases {
            for gap in [0, 2] {
                let options = VolumeOptions(method, gap: gap)
                // micro-sam's closing looks at slices twice; what it needs is measured by the volumes of a command.
                if method == .reference, gap > 0 { continue }
                var builder = ObjectGraphBuilder(widestGap: VolumeMerge.widestGap(options))
                for number in 0..<count { try builder.add(slice(number)) }
                var assembly = VolumeAssembly(VolumeMerge(builder.finish(), options))
                for number in 0..<count { _ = try assembly.add(slice(number)) }
                while assembly.finish() != nil {}
            }
        }
        print("\(count) slices of 512 x 512: \(peakMegabytes()) MB")
    }

    private static func peakMegabytes() -> Int {
        var usage = rusage()
        #if os(macOS)
            getrusage(RUSAGE_SELF, &usage)
            return usage.ru_maxrss / 1_000_000
        #else
            getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
            return usage.ru_maxrss / 1000
        #endif
    }
}
