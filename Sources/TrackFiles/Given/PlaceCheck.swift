public import Imaging
public import Tracking

/// Whether the nodes of a GEFF lie where the objects are that have their labels.
///
/// Label images of another movie, or of another segmentation of the same, have the same numbers for other objects. What
/// was corrected by hand may lie elsewhere now and then, so at least three of four nodes must lie in the box around their object, or up to
/// 3 pixels beside it.
public struct PlaceCheck: Sendable {
    /// How far from the box of its object a node may lie, in pixels.
    public static let tolerance = 3.0

    private let names: NodeNames
    private let arePixels: Bool
    private var count = 0
    private var misplaced = 0
    private var first: (node: LineageNode, box: Region)?

    /// Begins to check the nodes of a file.
    public init(of file: GEFFFile) {
        (names, arePixels) = (file.names, file.placesArePixels)
    }

    /// Looks at a node.
    ///
    /// - Parameters:
    ///   - node: The node as the file has it.
    ///   - box: The box around the object of its frame that has its label.
    public mutating func add(_ node: LineageNode, in box: Region) {
        count += 1
        let (x, y) = (node.centroid.x, node.centroid.y)
        let beside = max(Double(box.x) - x, x - Double(box.endX - 1))
        let above = max(Double(box.y) - y, y - Double(box.endY - 1))
        guard max(beside, above) > Self.tolerance else { return }
        misplaced += 1
        if first == nil { first = (node, box) }
    }

    /// Ends the check.
    ///
    /// - Throws: ``TrackFileError`` of kind `mismatch` if too many nodes lie elsewhere. Where the file does not say what its places
    ///   are in pixels, nothing is known, and all is well.
    public func finish() throws(TrackFileError) {
        guard arePixels, 4 * misplaced > count, let (node, box) = first else { return }
        let (x, y) = (node.centroid.x.rounded(), node.centroid.y.rounded())
        throw names.failure(
            "\(names[node.id]) of frame \(node.frame) has the label \(node.label) and lies at x \(x), y \(y), "
                + "but the object with this label lies at x \(box.x) to \(box.endX - 1), "
                + "y \(box.y) to \(box.endY - 1); so it is for \(misplaced) of \(count) nodes",
            advice: "give the label images that the tracks were made of; "
                + "if the places of the file are not in pixels, its axes need their unit and scale"
        )
    }
}
