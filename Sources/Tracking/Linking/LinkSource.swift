import Imaging

/// A way in the image, in pixels.
struct Displacement: Hashable, Sendable {
    var dx = 0.0
    var dy = 0.0

    var length: Double { (dx * dx + dy * dy).squareRoot() }

    static func + (a: Displacement, b: Displacement) -> Displacement {
        Displacement(dx: a.dx + b.dx, dy: a.dy + b.dy)
    }

    static func - (a: Displacement, b: Displacement) -> Displacement {
        Displacement(dx: a.dx - b.dx, dy: a.dy - b.dy)
    }

    static func * (a: Displacement, factor: Double) -> Displacement {
        Displacement(dx: a.dx * factor, dy: a.dy * factor)
    }
}

extension Point {
    static func + (point: Point, way: Displacement) -> Point {
        Point(x: point.x + way.dx, y: point.y + way.dy)
    }

    static func - (a: Point, b: Point) -> Displacement {
        Displacement(dx: a.x - b.x, dy: a.y - b.y)
    }
}

/// An object that has no successor yet: of the last frame, or lost some frames ago.
struct LinkSource: Sendable {
    /// Its position among all detections.
    let node: Int
    let frame: Int
    let measurement: ObjectMeasurement
    let runs: ObjectRuns
    let features: [Float]

    /// The smoothed way of its track from frame to frame, if it has moved.
    var velocity: Displacement?

    /// Its area in the frame before, if it was there.
    var previousArea: Int?

    /// Frames since it was born by a division, if it was.
    var age: Int?

    /// The diameter of a disc of the same area.
    var diameter: Double { measurement.equivalentDiameter }
}

extension ObjectMeasurement {
    /// The diameter of a disc of the same area.
    var equivalentDiameter: Double { (4 * Double(area) / .pi).squareRoot() }
}

/// An object of the present frame.
struct LinkTarget: Sendable {
    let measurement: ObjectMeasurement
    let features: [Float]
}
