import Annotations
import Foundation
import Volumes

/// The mask of a slice as it is sent.
struct VolumePart: Encodable, Sendable {
    /// The object, and the slice of it.
    struct Place: Hashable, Comparable {
        let object: UInt32
        let z: Int

        static func < (a: Place, b: Place) -> Bool { (a.object, a.z) < (b.object, b.z) }
    }

    let object: UInt32
    let z: Int

    /// Nil if an earlier mask does not belong to the object any more.
    let mask: BoxMask?
    let score: Double
    let stability: Double
    let origin: SliceMask.Origin

    init(_ mask: SliceMask) {
        object = mask.object
        z = mask.slice
        self.mask = BoxMask(mask.pixels)
        score = mask.score.isFinite ? mask.score : 0
        stability = mask.stability.isFinite ? mask.stability : 0
        origin = mask.origin
    }

    var place: Place { Place(object: object, z: z) }
}

/// How far an object is on its way through a stack.
struct VolumeState: Encodable, Sendable {
    enum Progress: String, Encodable {
        case running, done, failed
    }

    let image: Int64
    let run: UUID
    let t: Int
    let revision: Int
    let state: Progress

    /// Why it failed.
    let message: String?

    /// A mask that has come; for events.
    var part: VolumePart?

    /// All masks so far, by slice; for who asks for them.
    var parts: [VolumePart]?
}
