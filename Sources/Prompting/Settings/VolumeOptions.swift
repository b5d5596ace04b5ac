/// How the objects of a volume are made from those of its slices.
public struct VolumeOptions: Hashable, Codable, Sendable {
    /// How it is decided which objects of neighbouring slices are one object.
    public enum Merging: String, Hashable, Codable, Sendable, CaseIterable {
        /// A multicut of the graph of overlaps, in which objects of one slice repel each other.
        case multicut
        /// The multicut of micro-sam, with overlaps relative to the object in the lower slice.
        case reference
        /// Pairs: each object has at most one partner in the next slice.
        case assignment
        /// Pairs by the way that pixels take from slice to slice, with pieces of single slices joined.
        case transport
    }

    /// An axis of a volume, along which it is cut into slices.
    public enum Axis: String, Hashable, Codable, Sendable, CaseIterable {
        /// Slices as they are stored, with rows along y.
        case z
        /// Slices with columns along x and rows along z.
        case y
        /// Slices with columns along y and rows along z.
        case x
    }

    /// The axes along which the volume is cut into slices, each at most once and z among them; nil for z alone.
    ///
    /// Slices along each axis become a volume, and the volumes are combined. Where they disagree equally, the first axis decides.
    public var axes: [Axis]?

    /// The axes along which the volume is cut into slices.
    public var slicedAxes: [Axis] { axes ?? [.z] }

    /// The method.
    public var merging = Merging.multicut

    /// Number of slices in which an object may be missing without ending there, 0 or more; it is filled in.
    public var gapClosing = 0

    /// Smallest number of slices over which an object extends.
    ///
    /// Others are left out; 1 keeps all.
    public var minimumDepth = 1

    /// Intersection over union of an object below and above a gap from which both are one, 0...1.
    public var minimumGapOverlap = 0.3

    /// A multicut without gap closing, which keeps all objects.
    public init() {}
}
