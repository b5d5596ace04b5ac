import Imaging

/// Where an object was, and how it moves.
///
/// - Source: the motion model of micro-sam's tracking: the last move, smoothed over the moves before.
struct MotionTrail {
    /// The weight of the earlier moves, 0...1.
    let smoothing: Double

    private var last: (frame: Int, y: Double, x: Double)?

    /// The move from frame to frame, in pixels; nil before two masks are known.
    private(set) var move: (y: Double, x: Double)?

    init(smoothing: Double) { self.smoothing = smoothing }

    /// Adds the mask of a later frame.
    mutating func add(_ mask: RunLengthMask, frame: Int) {
        guard let (y, x) = mask.centre else { return }
        defer { last = (frame, y, x) }
        guard let last, frame > last.frame else { return }
        let frames = Double(frame - last.frame)
        let new = (y: (y - last.y) / frames, x: (x - last.x) / frames)
        move =
            move.map {
                (
                    smoothing * $0.y + (1 - smoothing) * new.y,
                    smoothing * $0.x + (1 - smoothing) * new.x
                )
            } ?? new
    }

    /// Where a mask is expected some frames later.
    func expected(_ mask: RunLengthMask, after frames: Int) -> RunLengthMask {
        guard let move else { return mask }
        return mask.moved(y: move.y * Double(frames), x: move.x * Double(frames))
    }
}

extension RunLengthMask {
    /// The mask, moved; each pixel takes the value of the nearest one before.
    ///
    /// - Source: as `scipy.ndimage.shift` with `order=0`, which also clears what comes from beyond the middle of the outermost pixels.
    func moved(y: Double, x: Double) -> RunLengthMask {
        let rows = Self.targets(of: y, in: size.height)
        let columns = Self.targets(of: x, in: size.width)
        let (down, right) = (Self.pixels(y), Self.pixels(x))
        var result: [Run] = []
        forEachRowRun { row, run in
            guard rows.contains(row + down) else { return }
            let start = max(run.lowerBound + right, columns.lowerBound)
            let end = min(run.upperBound + right, columns.upperBound)
            guard start < end else { return }
            let base = (row + down) * size.width
            result.append(Run(start: base + start, end: base + end))
        }
        return RunLengthMask(unchecked: size, runs: Self.joined(result))
    }

    /// By how many pixels a distance moves.
    private static func pixels(_ distance: Double) -> Int {
        // Far beyond every image, where a number would not fit.
        Int(max(-1e9, min(1e9, (distance - 0.5).rounded(.up))))
    }

    /// The pixels whose origin lies within the image.
    private static func targets(of distance: Double, in length: Int) -> Range<Int> {
        let distance = max(-1e9, min(1e9, distance))
        let first = max(Int(distance.rounded(.up)), 0)
        let end = min(Int((Double(length - 1) + distance).rounded(.down)) + 1, length)
        return first..<max(first, end)
    }
}
