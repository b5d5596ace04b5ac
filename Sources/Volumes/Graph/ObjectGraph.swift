public import Imaging

/// The objects of single slices, and which of them overlap: what is known of a volume before its slices are merged.
///
/// Nodes are objects of slices, numbered from 1 in the order of the slices; node 0 is the background and has no edges.
/// An edge joins two objects of different slices that share pixels when the slices are laid on each other.
///
/// Memory: 24 bytes for a node, 12 for an edge, and 4 for the label of an object.
public struct ObjectGraph: Hashable, Sendable {
    /// An object of one slice.
    public struct Node: Hashable, Sendable {
        // A slice that fits into memory as labels has fewer pixels than 31 bits count.
        private let sliceNumber: Int32
        private let pixelCount: Int32
        private let left: Int32
        private let top: Int32
        private let width: Int32
        private let height: Int32

        init(slice: Int, size: Int, box: Region) {
            (sliceNumber, pixelCount) = (Int32(slice), Int32(size))
            (left, top, width, height) = (
                Int32(box.x), Int32(box.y), Int32(box.width), Int32(box.height)
            )
        }

        /// The slice, from 0.
        public var slice: Int { Int(sliceNumber) }

        /// Number of pixels.
        public var size: Int { Int(pixelCount) }

        /// The smallest region around it.
        public var box: Region {
            Region(x: Int(left), y: Int(top), width: Int(width), height: Int(height))
        }
    }

    /// Two objects of different slices that share pixels.
    public struct Edge: Hashable, Sendable {
        private let lower: UInt32
        private let higher: UInt32
        private let pixelCount: Int32

        init(first: Int, second: Int, sharedPixels: Int) {
            (lower, higher) = (UInt32(first), UInt32(second))
            pixelCount = Int32(sharedPixels)
        }

        /// The object of the lower slice.
        public var first: Int { Int(lower) }

        /// The object of the higher slice.
        public var second: Int { Int(higher) }

        /// Number of pixels that both have.
        public var sharedPixels: Int { Int(pixelCount) }
    }

    /// All nodes; the one at index 0 stands for the background.
    public internal(set) var nodes: [Node] = [
        Node(slice: -1, size: 0, box: Region(x: 0, y: 0, width: 0, height: 0))
    ]

    /// Overlaps of neighbouring slices, by first, then by second object.
    public internal(set) var edges: [Edge] = []

    /// Overlaps across slices between, by the higher slice; see ``ObjectGraphBuilder``.
    public internal(set) var edgesAcrossGaps: [Edge] = []

    /// The number of the first node of each slice, in order.
    public internal(set) var firstNodes: [Int] = []

    /// The labels of the objects of each slice, ascending, as they were given.
    var labels: [[UInt32]] = []

    /// Number of slices.
    public var sliceCount: Int { firstNodes.count }

    init() {}

    /// First and last slice of each object, by its number; nil for a number without nodes.
    ///
    /// - Parameter objects: The object of each node.
    func extents(of objects: [Int]) -> [ClosedRange<Int>?] {
        var extents = [ClosedRange<Int>?](repeating: nil, count: (objects.max() ?? 0) + 1)
        // Nodes come in the order of their slices.
        for (node, object) in objects.enumerated().dropFirst() {
            extents[object] = (extents[object]?.lowerBound ?? nodes[node].slice)...nodes[node].slice
        }
        return extents
    }

    /// Whether each node is in the first, and in the last slice of its object.
    ///
    /// - Parameter objects: The object of each node.
    func ends(of objects: [Int]) -> (lower: [Bool], upper: [Bool]) {
        let extents = extents(of: objects)
        return (
            objects.indices.map { extents[objects[$0]]?.lowerBound == nodes[$0].slice },
            objects.indices.map { extents[objects[$0]]?.upperBound == nodes[$0].slice }
        )
    }

    /// The edges of each pair of neighbouring slices that has some, in order.
    var edgesBySlice: [ArraySlice<Edge>] {
        var result: [ArraySlice<Edge>] = []
        var start = edges.startIndex
        while start < edges.endIndex {
            let slice = nodes[edges[start].first].slice
            let end =
                edges[start...].firstIndex { nodes[$0.first].slice != slice } ?? edges.endIndex
            result.append(edges[start..<end])
            start = end
        }
        return result
    }

    /// Shared pixels divided by the pixels of the first object, 0...1.
    public func shareOfFirst(_ edge: Edge) -> Double {
        Double(edge.sharedPixels) / Double(nodes[edge.first].size)
    }

    /// Shared pixels divided by the mean size of both objects (the Dice coefficient), 0...1; the same in both directions.
    public func shareOfBoth(_ edge: Edge) -> Double {
        Double(2 * edge.sharedPixels) / Double(nodes[edge.first].size + nodes[edge.second].size)
    }

    /// Shared pixels divided by the geometric mean of the sizes of both objects, 0...1; the same in both directions.
    public func shareOfGeometricMean(_ edge: Edge) -> Double {
        let product = Double(nodes[edge.first].size) * Double(nodes[edge.second].size)
        return Double(edge.sharedPixels) / product.squareRoot()
    }

    /// Shared pixels divided by the pixels that either object has, 0...1.
    public func intersectionOverUnion(_ edge: Edge) -> Double {
        let union = nodes[edge.first].size + nodes[edge.second].size - edge.sharedPixels
        return Double(edge.sharedPixels) / Double(union)
    }
}
