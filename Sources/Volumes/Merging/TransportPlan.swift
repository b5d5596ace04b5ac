/// Carries the pixels of the objects of one slice to those of the next one, so that the gain is the largest possible.
///
/// An object neither gives nor takes more pixels than it has; pixels may stay where they are, without gain.
///
/// - Source: F. L. Hitchcock, "The distribution of a product from several sources to numerous localities", 1941; solved by
///   shortest augmenting paths.
struct TransportPlan {
    /// A way from an object below to one above.
    struct Route {
        let lower: Int
        let upper: Int
        /// What one pixel gains that takes this way; above 0.
        let gain: Double
    }

    private let routes: [Route]
    private let routesFrom: [[Int]]
    private let routesTo: [[Int]]
    private var space: [Int]

    /// Number of pixels that take each route.
    private(set) var flows: [Int]

    /// - Parameters:
    ///   - lower: Number of pixels of each object below.
    ///   - upper: Number of pixels of each object above.
    init(lower: [Int], upper: [Int], _ routes: [Route]) {
        self.routes = routes
        var (from, to) = (
            [[Int]](repeating: [], count: lower.count), [[Int]](repeating: [], count: upper.count)
        )
        for (index, route) in routes.enumerated() {
            from[route.lower].append(index)
            to[route.upper].append(index)
        }
        (routesFrom, routesTo) = (from, to)
        space = upper
        flows = [Int](repeating: 0, count: routes.count)
        for (object, pixels) in lower.enumerated() { send(pixels, from: object) }
    }

    /// Where a search has arrived, and by which route.
    private struct Visit {
        var gain: Double
        var route: Int
    }

    /// Sends pixels of one object along the best ways that are left; each may take others back.
    private mutating func send(_ pixels: Int, from object: Int) {
        var left = pixels
        while left > 0, let path = bestPath(from: object) {
            var amount = left
            for (index, isForward) in path.steps where !isForward {
                amount = min(amount, flows[index])
            }
            if let end = path.upper {
                amount = min(amount, space[end])
                space[end] -= amount
            }
            for (index, isForward) in path.steps { flows[index] += isForward ? amount : -amount }
            left -= amount
        }
    }

    private struct Path {
        var steps: [(route: Int, isForward: Bool)]
        /// The object above that takes the pixels; nil if pixels of another object stay instead.
        let upper: Int?
    }

    /// The path of the largest gain above 0 from an object to an object above with space, or to one below that keeps pixels.
    private func bestPath(from start: Int) -> Path? {
        var lower = [start: Visit(gain: 0, route: -1)]
        var upper: [Int: Visit] = [:]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let object = queue[next]
            next += 1
            guard let here = lower[object]?.gain else { continue }
            for index in routesFrom[object] {
                let route = routes[index]
                let gain = here + route.gain
                guard gain > (upper[route.upper]?.gain ?? -.infinity) + Self.tolerance else {
                    continue
                }
                upper[route.upper] = Visit(gain: gain, route: index)
                for back in routesTo[route.upper] where flows[back] > 0 && back != index {
                    let rest = gain - routes[back].gain
                    let other = routes[back].lower
                    guard rest > (lower[other]?.gain ?? -.infinity) + Self.tolerance else {
                        continue
                    }
                    lower[other] = Visit(gain: rest, route: back)
                    queue.append(other)
                }
            }
        }
        return best(start, lower, upper)
    }

    private func best(_ start: Int, _ lower: [Int: Visit], _ upper: [Int: Visit]) -> Path? {
        var (gain, end, isAbove) = (Self.tolerance, -1, false)
        for (object, visit) in upper.sorted(by: { $0.key < $1.key })
        where space[object] > 0 && visit.gain > gain {
            (gain, end, isAbove) = (visit.gain, object, true)
        }
        for (object, visit) in lower.sorted(by: { $0.key < $1.key })
        where object != start && visit.gain > gain {
            (gain, end, isAbove) = (visit.gain, object, false)
        }
        guard end >= 0 else { return nil }
        var path = Path(steps: [], upper: isAbove ? end : nil)
        var object = end
        var isUpper = isAbove
        while isUpper || object != start {
            guard let route = (isUpper ? upper[object] : lower[object])?.route else { return nil }
            path.steps.append((route, isUpper))
            object = isUpper ? routes[route].lower : routes[route].upper
            isUpper.toggle()
        }
        return path
    }

    private static let tolerance = 1e-9
}
