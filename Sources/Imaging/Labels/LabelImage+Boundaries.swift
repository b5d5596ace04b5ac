extension LabelImage {
    /// Which side of the border between two labels counts as the boundary.
    public enum BoundaryMode: String, Hashable, Codable, Sendable {
        /// Pixels of objects that have a neighbour (sharing an edge) with another label.
        case inner
        /// Background pixels beside an object, and pixels of objects that touch another object.
        case outer
    }

    /// The pixels at the boundary of objects.
    ///
    /// The border of the image is no boundary.
    ///
    /// As `skimage.segmentation.find_boundaries` with connectivity 1 and background 0: for
    /// `outer`, object pixels count if another object touches them at an edge or a corner.
    public func boundaries(_ mode: BoundaryMode) -> Raster<Bool> {
        var result = Raster(repeating: false, size: size)
        for y in 0..<size.height {
            for x in 0..<size.width {
                let label = self[x: x, y: y]
                guard hasOtherNeighbor(x, y, label, reach: .edges, ignoring: nil) else { continue }
                switch mode {
                case .inner: result[x: x, y: y] = label != 0
                case .outer:
                    result[x: x, y: y] =
                        label == 0
                        || hasOtherNeighbor(x, y, label, reach: .edgesAndCorners, ignoring: 0)
                }
            }
        }
        return result
    }

    /// Whether a neighbour inside the image has a label that is neither `label` nor `ignored`.
    private func hasOtherNeighbor(
        _ x: Int,
        _ y: Int,
        _ label: UInt32,
        reach: Connectivity2D,
        ignoring ignored: UInt32?
    ) -> Bool {
        for ny in max(y - 1, 0)...min(y + 1, size.height - 1) {
            for nx in max(x - 1, 0)...min(x + 1, size.width - 1) {
                if reach == .edges && nx != x && ny != y { continue }
                let other = labels[ny * size.width + nx]
                if other != label && other != ignored { return true }
            }
        }
        return false
    }
}
