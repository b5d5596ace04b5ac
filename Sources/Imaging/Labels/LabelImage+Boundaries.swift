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

extension LabelImage {
    /// The pixels in whose neighbourhood, a square, two different objects lie: the border of objects that
    /// touch, and narrow gaps between others.
    ///
    /// - Parameter radius: Pixels from the middle of the square to its edge.
    public func nearBordersBetweenObjects(within radius: Int) -> Raster<Bool> {
        // Two objects are there if the least label and the greatest one, apart from background, differ.
        let least = labels.map { $0 == 0 ? UInt32.max : $0 }.windowed(size, radius, min)
        let greatest = labels.windowed(size, radius, max)
        return Raster(
            unchecked: size,
            samples: zip(least, greatest).map { $0 != .max && $0 != $1 }
        )
    }
}

extension [UInt32] {
    /// The combined values of a square around each pixel of an image, first along rows, then along columns.
    fileprivate func windowed(
        _ size: Size,
        _ radius: Int,
        _ combine: (UInt32, UInt32) -> UInt32
    ) -> [UInt32] {
        let (width, height) = (size.width, size.height)
        var rows = self
        for y in 0..<height {
            for x in 0..<width {
                var value = self[y * width + x]
                for u in Swift.max(x - radius, 0)...Swift.min(x + radius, width - 1) {
                    value = combine(value, self[y * width + u])
                }
                rows[y * width + x] = value
            }
        }
        var result = rows
        for y in 0..<height {
            for v in Swift.max(y - radius, 0)...Swift.min(y + radius, height - 1) {
                for x in 0..<width {
                    result[y * width + x] = combine(result[y * width + x], rows[v * width + x])
                }
            }
        }
        return result
    }
}
