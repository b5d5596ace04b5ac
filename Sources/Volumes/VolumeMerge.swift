public import Imaging
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

    /// The labels of the objects of each slice, ascending, as they were given.
    let sliceLabels: [[UInt32]]

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
            /// The smallest region around it.
            public let box: Region

            init(_ node: Int, _ graph: ObjectGraph) {
                self.node = node
                (slice, box) = (graph.nodes[node].slice, graph.nodes[node].box)
            }
        }

        /// The end below the gap.
        public let first: End

        /// The end above the gap.
        public let second: End
    }

    /// Merges by the method of the options.
    ///
    /// - Parameter graph: Made with a widest gap of at least ``widestGap(_:)``.
    public init(_ graph: ObjectGraph, _ options: VolumeOptions) {
        var options = options
        // Gaps were closed before the graph was made.
        if ReferenceGapClosing(options) != nil { options.gapClosing = 0 }
        self.init(graph, options, by: Self.merger(options.merging))
    }

    /// Merges by any merger.
    ///
    /// - Parameter graph: Made with a widest gap of at least `options.gapClosing` and the reach of the merger.
    public init(_ graph: ObjectGraph, _ options: VolumeOptions, by merger: some SliceMerger) {
        var objects = merger.objects(in: graph)
        var gaps: [Gap] = []
        if options.gapClosing > 0 {
            var sets = DisjointSets(count: objects.max() ?? 0)
            for link in GapLinks(graph, objects, options).links {
                sets.union(UInt32(objects[link.first]), UInt32(objects[link.second]))
                gaps.append(
                    Gap(
                        first: Gap.End(link.first, graph),
                        second: Gap.End(link.second, graph)
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
        sliceLabels = graph.labels
        self.gaps = gaps.sorted {
            ($0.second.node, $0.first.node) < ($1.second.node, $1.first.node)
        }
    }

    /// How many slices may lie between two objects of the graph that the options need; see ``ObjectGraphBuilder``.
    public static func widestGap(_ options: VolumeOptions) -> Int {
        max(options.gapClosing, merger(options.merging).reach)
    }

    /// The merger that an option names.
    public static func merger(_ method: VolumeOptions.Merging) -> any SliceMerger {
        switch method {
        case .multicut: MulticutMerger()
        case .reference: MulticutMerger.reference
        case .assignment: AssignmentMerger()
        case .transport: TransportMerger()
        }
    }
}
