public import Imaging
public import Prompting

/// Closes gaps as micro-sam does, before slices are merged: the foreground is closed along z, and what is then connected within
/// a slice is an object, unless it holds several objects of the slice; then these stay as they are.
///
/// A number g of iterations fills up to 2 g slices. The first and the last g slices are left alone, so a larger number may close
/// fewer gaps. Objects that touch each other and are both missing become one in the filled slices, and are merged by them.
/// Unlike in micro-sam, an empty slice does not lead to objects that are numbered twice.
///
/// Memory: 2 g + 1 slices.
public struct ReferenceGapClosing: Sendable {
    private let iterations: Int
    /// Slices that may still be filled.
    private var waiting: [LabelImage] = []
    /// The number of the first slice that waits.
    private var first = 0
    /// For each pixel the number of the last slice up to the first that waits, in which it was an object's.
    private var lastObject: [Int32] = []

    /// Prepares for the first slice.
    ///
    /// - Parameter iterations: Number of iterations, 1 or more.
    public init(iterations: Int) {
        precondition(iterations > 0, "closing without iterations")
        self.iterations = iterations
    }

    /// The closing that the options ask for; nil if there is none.
    public init?(_ options: VolumeOptions) {
        guard options.merging == .reference, options.gapClosing > 0 else { return nil }
        self.init(iterations: options.gapClosing)
    }

    /// Takes the next slice.
    ///
    /// - Returns: The slice that is closed by it, if there is one; slices come in their order, and their labels are 1, 2, ….
    /// - Throws: `ImagingError.sizeMismatch` if the size differs from that of the slices before.
    public mutating func add(_ slice: LabelImage) throws(ImagingError) -> LabelImage? {
        if let before = waiting.last, before.size != slice.size {
            throw .sizeMismatch(
                "slice \(first + waiting.count)",
                expected: before.size,
                found: slice.size
            )
        }
        waiting.append(slice)
        return waiting.count > 2 * iterations ? try takeFirst(isLast: false) : nil
    }

    /// The next of the slices that still wait after the last one; nil if there is none.
    public mutating func finish() throws(ImagingError) -> LabelImage? {
        waiting.isEmpty ? nil : try takeFirst(isLast: waiting.count <= iterations)
    }

    /// - Parameter isLast: Whether the slice is one of the last ones, which are left alone.
    private mutating func takeFirst(isLast: Bool) throws(ImagingError) -> LabelImage {
        let slice = waiting[0]
        if lastObject.isEmpty { lastObject = Array(repeating: -1, count: slice.labels.count) }
        for (place, label) in slice.labels.enumerated() where label != 0 {
            lastObject[place] = Int32(truncatingIfNeeded: first)
        }
        let result =
            first < iterations || isLast
            ? slice.relabeledSequentially() : try Self.closed(slice, isFilled())
        waiting.removeFirst()
        first += 1
        return result
    }

    /// The pixels of the first slice that waits after closing.
    private func isFilled() -> [Bool] {
        // The foreground goes on at most 2 g slices higher than it has ended, and one.
        let reach = 2 * iterations + 1
        let this = Int32(truncatingIfNeeded: first)
        var result = lastObject.map { $0 == this }
        for (distance, slice) in waiting.enumerated().dropFirst() {
            let earliest = Int32(truncatingIfNeeded: max(0, first + distance - reach))
            for place in result.indices where lastObject[place] >= earliest {
                if slice.labels[place] != 0 { result[place] = true }
            }
        }
        return result
    }

    /// The objects of a slice after closing.
    private static func closed(
        _ slice: LabelImage,
        _ isFilled: [Bool]
    ) throws(ImagingError) -> LabelImage {
        let mask = try Raster(size: slice.size, samples: isFilled)
        var result = try LabelImage(componentsOf: mask, connectivity: .edgesAndCorners)
        let count = Int(result.labels.max() ?? 0)
        // Every pixel of an object lies in a component.
        var held = [UInt32](repeating: 0, count: count + 1)
        var isShared = [Bool](repeating: false, count: count + 1)
        for (component, label) in zip(result.labels, slice.labels) where label != 0 {
            if held[Int(component)] == 0 { held[Int(component)] = label }
            if held[Int(component)] != label { isShared[Int(component)] = true }
        }
        guard isShared.contains(true) else { return result }
        let index = LabelIndex(slice)
        var isKept = [Bool](repeating: false, count: index.labels.count)
        index.forEachPixel(of: slice) { place, object in
            if object >= 0, isShared[Int(result.labels[place])] { isKept[object] = true }
        }
        // Labels of components and of objects may be the same: the objects come behind.
        index.forEachPixel(of: slice) { place, object in
            if object >= 0, isKept[object] {
                result.labels[place] = UInt32(truncatingIfNeeded: count + 1 + object)
            } else if isShared[Int(result.labels[place])] {
                result.labels[place] = 0
            }
        }
        return result.relabeledSequentially()
    }
}
