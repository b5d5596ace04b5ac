import Foundation
import Imaging
import Testing
import Tracking

/// Limits of time and memory, with room for busy machines.
@Suite("Speed of linking", .serialized)
struct LinkerSpeedTests {
    static let isSlow = ProcessInfo.processInfo.environment["MICROSAM_SLOW_TESTS"] != nil

    @Test("32 frames with 100 objects")
    func short() throws {
        let (frames, links, seconds) = try link(columns: 10, rows: 10, frames: 32)
        print("32 frames with 100 objects: \(seconds) s of processor time")
        #expect(links > 99 * (frames - 1))
        #expect(seconds <= 2)
    }

    @Test("1000 frames with 500 objects", .enabled(if: isSlow))
    func long() throws {
        let before = Self.memory()
        let (frames, links, seconds) = try link(columns: 25, rows: 20, frames: 1000)
        let growth = Double(Self.memory() - before) / 1e6
        print("1000 frames with 500 objects: \(seconds) s of processor time, \(growth) MB")
        #expect(links > 499 * (frames - 1))
        #expect(seconds <= 60)
        #expect(growth <= 100)
    }

    /// Links discs that wander around their places; the time is that of linking alone.
    private func link(columns: Int, rows: Int, frames: Int) throws -> (
        frames: Int, links: Int, seconds: Double
    ) {
        var generator = SplitMix64(seed: 1)
        let first = DiscMovie.grid(columns: columns, rows: rows, spacing: 40, radius: 10, seed: 1)
        var linker = try Linker()
        var links = 0
        var seconds = 0.0
        for _ in 0..<frames {
            var movie = DiscMovie(size: first.size, discs: first.discs)
            movie.wander(2, &generator)
            movie.paint()
            let start = Self.seconds()
            links += try linker.add(movie.frames[0]).links.count
            seconds += Self.seconds() - start
        }
        return (frames, links, seconds)
    }

    /// The processor time of this thread; other tests run beside this one.
    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// The memory that is in use, in bytes; 0 where the system does not say.
    private static func memory() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return 0
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * 4096
    }

    @Test("The integer programme of 50 frames with 100 objects")
    func program() throws {
        var generator = SplitMix64(seed: 4)
        var edges: [CandidateEdge] = []
        for frame in 0..<49 {
            for object in 0..<100 {
                // The right one, and three neighbours that are possible, too.
                for step in [0, 1, 10, 11] where object + step < 100 {
                    let weight =
                        step == 0 ? generator.uniform(0.5...1) : generator.uniform(0.05...0.6)
                    let link = Link(
                        from: 100 * frame + object,
                        to: 100 * (frame + 1) + object + step
                    )
                    edges.append(CandidateEdge(link, weight: weight))
                }
            }
        }
        let start = Self.seconds()
        let solution = try LineageProgram().solve(nodeCount: 5000, edges: edges)
        let seconds = Self.seconds() - start
        print(
            "integer programme with \(edges.count) possible links: \(seconds) s of processor time"
        )
        #expect(solution.links.count > 4800)
        #expect(seconds <= 2.8)
    }
}
