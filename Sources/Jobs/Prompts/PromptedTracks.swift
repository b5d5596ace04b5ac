import Imaging
public import Prompting
public import Tracking
public import Volumes

/// The tracks that masks of objects of a movie make.
///
/// A track is the presence of an object without a gap. What follows behind a gap is a track of its own, with the one before as its
/// parent, as the Cell Tracking Challenge wants it.
public struct PromptedTracks: Sendable {
    /// The tracks, by their numbers.
    public private(set) var records: [TrackRecord] = []

    /// The tracks of each object, with their first frames, ascending.
    private var parts: [UInt32: [(first: Int, track: UInt32)]] = [:]

    /// Collects tracks.
    ///
    /// - Parameters:
    ///   - masks: The masks of all objects, in any order; a mask's slice is its frame.
    ///   - objects: The objects with their parents.
    public init(_ masks: [SliceMask], of objects: [TrackObject]) {
        let frames = Dictionary(grouping: masks.filter { !$0.pixels.isEmpty }, by: \.object)
            .mapValues { $0.map(\.slice).sorted() }
        var next = (objects.map(\.id).max() ?? 0) &+ 1
        for object in objects.sorted(by: { $0.id < $1.id }) {
            var before: UInt32?
            for part in Self.runs(frames[object.id] ?? []) {
                let number = before == nil ? object.id : next
                if before != nil { next &+= 1 }
                records.append(
                    TrackRecord(
                        id: number,
                        first: part.lowerBound,
                        last: part.upperBound,
                        parent: before
                    )
                )
                parts[object.id, default: []].append((part.lowerBound, number))
                before = number
            }
        }
        let parents = Dictionary(objects.map { ($0.id, $0.parent) }) { first, _ in first }
        for place in records.indices where records[place].parent == nil {
            // A mother that was not found has no track.
            let parent = parents[records[place].id].flatMap(\.self)
            records[place].parent = parent.flatMap { parts[$0]?.last?.track }
        }
        records.sort { $0.id < $1.id }
    }

    /// The track of an object in a frame in which it is seen.
    public func track(of object: UInt32, in frame: Int) -> UInt32 {
        parts[object]?.last { $0.first <= frame }?.track ?? object
    }

    /// Frames without gaps.
    private static func runs(_ frames: [Int]) -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        for frame in frames {
            if let last = runs.last, frame <= last.upperBound + 1 {
                runs[runs.count - 1] = last.lowerBound...max(frame, last.upperBound)
            } else {
                runs.append(frame...frame)
            }
        }
        return runs
    }
}
