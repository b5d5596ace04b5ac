import Annotations
import Foundation
import HTTPTypes
import Imaging
import Prompting
import Synchronization

/// An object of a preview of automatic segmentation.
struct FoundObject: Encodable, Sendable {
    let label: UInt32
    let box: [Int]
    let area: Int
    let centroid: [Double]
}

/// What automatic segmentation found, to be looked at before it is taken.
final class AutomaticRun: Sendable {
    let image: Int64
    let t: Int
    let z: Int
    let labels: LabelImage
    let model: SegmenterDescription
    let settings: AutomaticSettings
    let objects: [FoundObject]

    init(
        _ place: SessionKeeper.Place,
        _ labels: LabelImage,
        _ model: SegmenterDescription,
        _ settings: AutomaticSettings
    ) {
        image = place.image
        t = place.t
        z = place.z
        self.labels = labels
        self.model = model
        self.settings = settings
        objects = labels.pieces().map { label, piece in
            FoundObject(
                label: label,
                box: piece.box,
                area: piece.area,
                centroid: piece.centroid
            )
        }
    }

    /// The objects as a gesture makes them.
    ///
    /// - Parameter labels: Which; nil for all.
    /// - Throws: ``ServerError`` for a label that no object has.
    func newObjects(_ labels: [UInt32]?) throws(ServerError) -> [NewObject] {
        let wanted = labels.map(Set.init)
        if let unknown = wanted?.subtracting(objects.map(\.label)).min() {
            throw ServerError(
                .notFound,
                "no_object",
                "this result of automatic segmentation has no object \(unknown)"
            )
        }
        return NewObject.all(in: self.labels, source: .automatic).compactMap { found in
            guard let label = found.label, wanted?.contains(label) ?? true else { return nil }
            var object = found
            // The numbers of the preview are no wish.
            object.label = nil
            object.model = model.name
            object.modelHash = model.hash
            return object
        }
    }

    /// The labels of the objects that share no pixel with a committed one.
    ///
    /// - Parameter committed: The committed labels of the same plane.
    func free(of committed: LabelImage) -> [UInt32] {
        var taken: Set<UInt32> = []
        for (own, other) in zip(labels.labels, committed.labels) where own != 0 && other != 0 {
            taken.insert(own)
        }
        return objects.map(\.label).filter { !taken.contains($0) }
    }

    /// The labels of a tile; nil for background alone, and for a tile that there is not.
    func tile(row: Int, column: Int) -> [UInt8]? {
        let grid = TileGrid(labels.size, side: TileGrid.labelSide)
        guard let region = grid.region(row: row, column: column) else { return nil }
        var tile = [UInt32](repeating: 0, count: grid.side * grid.side)
        for y in 0..<region.height {
            let start = labels.size.index(x: region.x, y: region.y + y)
            tile.replaceSubrange(
                y * grid.side..<y * grid.side + region.width,
                with: labels.labels[start..<start + region.width]
            )
        }
        guard tile.contains(where: { $0 != 0 }) else { return nil }
        return tile.withUnsafeBytes { Array($0) }
    }

    /// Bytes that it holds in memory.
    var byteCount: Int { labels.size.count * 4 }
}

/// The runs that pages look at; the oldest go when there are too many.
final class AutomaticRuns: Sendable {
    private struct State {
        var runs: [(token: String, run: AutomaticRun)] = []
    }

    private let state = Mutex(State())

    /// Bytes of all runs together; the latest two of an image stay in any case.
    private static let capacity = 512 << 20

    /// Keeps a run.
    ///
    /// - Returns: The token by which it is found.
    func keep(_ run: AutomaticRun) -> String {
        let token = UUID().uuidString.lowercased()
        state.withLock { state in
            state.runs.append((token, run))
            while state.runs.count > 2,
                state.runs.reduce(0, { $0 + $1.run.byteCount }) > Self.capacity
                    || state.runs.count > 16
            {
                state.runs.removeFirst()
            }
        }
        return token
    }

    /// The run of a token on an image.
    ///
    /// - Throws: ``ServerError`` if it was forgotten.
    func run(_ token: String, of image: Int64) throws(ServerError) -> AutomaticRun {
        let found = state.withLock { $0.runs.first { $0.token == token }?.run }
        guard let found, found.image == image else {
            throw ServerError(
                .notFound,
                "no_run",
                "this result of automatic segmentation is no longer available",
                remedy: "segment the image again"
            )
        }
        return found
    }

    /// Forgets a run.
    func forget(_ token: String) {
        state.withLock { $0.runs.removeAll { $0.token == token } }
    }
}
