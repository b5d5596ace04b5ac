import Imaging
public import Prompting

/// What becomes of the objects of single slices in a volume: their labels there, and the gaps that are filled.
///
/// The slices are needed twice: once in ``ObjectGraphBuilder``, which numbers their objects, and once in
/// ``VolumeAssembly``, which turns them into labels of the volume.
public struct VolumeMerge: Hashable, Sendable {
    /// The label in the volume of each node of the graph: 1, 2, … in the order of first nodes, 0 for what is left out.
    public let labels: [UInt32]

    /// The number of the first node of each slice.
    let firstNodes: [Int]

    /// Gaps that are filled, by the higher slice.
    public let gaps: [Gap]

    /// Number of objects in the volume.
    public let objectCount: Int

    /// A gap in an object.
    public struct Gap: Hashable, Sendable {
        /// An end of the gap.
        public struct End: Hashable, Sendable {
            /// The node of the graph.
            public let node: Int
            /// Its slice.
            public let slice: Int
        }

        /// The end below the gap.
        public let first: End

        /// The end above the gap.
        public let second: End
    }

    /// Merges by the method of the options.
    ///
    /// - Parameter graph: Made with a widest gap of at least `options.gapClosing`.
    public init(_ graph: ObjectGraph, _ options: VolumeOptions) {
        self.init(graph, options, by: Self.merger(options.merging))
    }

    /// Merges by any merger.
    ///
    /// - Parameter graph: Made with a widest gap of at least `options.gapClosing`.
    public init(_ graph: ObjectGraph, _ options: VolumeOptions, by merger: some SliceMerger) {
        var objects = merger.objects(in: graph)
        var gaps: [Gap] = []
        if options.gapClosing > 0 {
            var sets = DisjointSets(count: objects.max() ?? 0)
            for link in GapLinks(graph, objects, options).links {
                sets.union(UInt32(objects[link.first]), UInt32(objects[link.second]))
                gaps.append(
                    Gap(
                        first: .init(node: link.first, slice: graph.nodes[link.first].slice),
                        second: .init(node: link.second, slice: graph.nodes[link.second].slice)
                    )
                )
            }
            objects = objects.map { Int(sets.root(UInt32($0))) }
        }
        let extents = graph.extents(of: objects)
        var numbers: [Int: UInt32] = [:]
        labels = objects.enumerated().map { node, object in
            guard node > 0, let depth = extents[object]?.count, depth >= options.minimumDepth else {
                return 0
            }
            let number = numbers[object] ?? UInt32(numbers.count + 1)
            numbers[object] = number
            return number
        }
        objectCount = numbers.count
        firstNodes = graph.firstNodes
        self.gaps = gaps.sorted {
            ($0.second.node, $0.first.node) < ($1.second.node, $1.first.node)
        }
    }

    /// The merger that an option names.
    public static func merger(_ method: VolumeOptions.Merging) -> any SliceMerger {
        switch method {
        case .multicut: MulticutMerger()
        case .reference: MulticutMerger.reference
        case .assignment: AssignmentMerger()
        }
    }
}
