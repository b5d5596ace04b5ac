/// Which page holds which plane, filled in the order in which a file has them.
struct TIFFPlaneMap {
    /// Extents of the axes; `c` counts pages, not the samples of their pixels.
    let axes: ImageAxes

    /// The place of each plane at index `(t * c + c) * z + z`; nil where there is none.
    private(set) var places: [TIFFPlace?]

    /// The axes from fastest to slowest.
    private let order: [Character]

    /// More planes than this are not believed.
    static let mostPlanes = 1 << 20

    /// Begins without planes; nil for extents that are absurd.
    ///
    /// - Parameter order: The axes from fastest to slowest, among `z`, `c`, `t`; others are passed over, and those
    ///   that are not named are the slowest.
    init?(axes: ImageAxes, order: String) {
        let (planes, overflow) = axes.c.multipliedReportingOverflow(by: axes.z)
        let (all, overflowToo) = planes.multipliedReportingOverflow(by: axes.t)
        guard !overflow, !overflowToo, (1...Self.mostPlanes).contains(all) else { return nil }
        self.axes = axes
        places = Array(repeating: nil, count: all)
        var named: [Character] = []
        for letter in order.lowercased() + "czt" where "czt".contains(letter) {
            if !named.contains(letter) { named.append(letter) }
        }
        self.order = named
    }

    /// Begins without a place for the only plane.
    init(single page: TIFFPage) {
        axes = ImageAxes(y: page.height, x: page.width)
        places = [nil]
        order = ["c", "z", "t"]
    }

    /// Number of planes that have a place.
    var found: Int { places.count { $0 != nil } }

    /// Says where the plane with this number in the order of the file is.
    mutating func set(_ number: Int, to place: TIFFPlace) {
        guard places.indices.contains(number) else { return }
        places[position(number)] = place
    }

    /// The number of planes before this one in the order of the file.
    func number(of plane: PlaneIndex) -> Int {
        var result = 0
        for axis in order.reversed() {
            let value = axis == "z" ? plane.z : axis == "c" ? plane.c : plane.t
            guard value < extent(axis) else { return places.count }
            result = result * extent(axis) + value
        }
        return result
    }

    private func extent(_ axis: Character) -> Int {
        axis == "z" ? axes.z : axis == "c" ? axes.c : axes.t
    }

    /// The place in `places` of the plane with this number in the order of the file.
    func position(_ number: Int) -> Int {
        var rest = number
        var plane = PlaneIndex()
        for axis in order {
            let value = rest % extent(axis)
            rest /= extent(axis)
            switch axis {
            case "z": plane.z = value
            case "c": plane.c = value
            default: plane.t = value
            }
        }
        return (plane.t * axes.c + plane.c) * axes.z + plane.z
    }
}

/// Where the page of a plane is.
struct TIFFPlace: Hashable, Sendable {
    /// 0 for the file that was opened, otherwise the number of another one, counted from 1.
    var file = 0

    /// The number of the page in its file.
    var page: Int

    /// Bytes from the page's pixels to the plane's, where one page stands for many planes.
    var stackOffset = 0

    /// The sample of each pixel that is the plane; nil for all.
    var sample: Int?
}
