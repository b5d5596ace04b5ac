extension Region {
    /// The smallest region with both.
    package func united(with other: Region) -> Region {
        let (left, top) = (min(x, other.x), min(y, other.y))
        return Region(
            x: left,
            y: top,
            width: max(endX, other.endX) - left,
            height: max(endY, other.endY) - top
        )
    }
}
