import Annotations
import Foundation
import Imaging
import Prompting

/// The prompts of objects on the slices of a stack, and how they go on to the others.
struct VolumeRequest: Decodable, Sendable {
    /// The prompts of a slice.
    struct Key: Decodable, Sendable {
        let z: Int

        /// The number of the object, from 1; nil for the first.
        let object: UInt32?
        let prompts: [Prompt]

        /// The mask that the page shows for the prompts.
        let mask: BoxMask?
    }

    /// How objects go from slice to slice; what is missing has its default.
    struct Options: Decodable, Sendable {
        let projection: String?
        let overlapThreshold: Double?
        let boxExtension: Double?
        let first: Int?
        let last: Int?
        let fill: PropagationOptions.Filling?
        let stopAfterEmpty: Int?

        private enum CodingKeys: String, CodingKey {
            case projection, first, last, fill
            case overlapThreshold = "overlap_threshold"
            case boxExtension = "box_extension"
            case stopAfterEmpty = "stop_after_empty"
        }
    }

    let keys: [Key]
    let t: Int?

    /// The committed object to which the result will belong; its pixels are free.
    let replaces: UInt32?
    let options: Options?

    /// Grows with each request of a run.
    let revision: Int?

    /// The objects as they are followed, by number.
    ///
    /// - Throws: `ImagingError` if a mask reaches outside the image; ``ServerError`` if several objects shall belong to
    ///   one that is committed.
    func objects(in size: Size) throws -> [VolumeObject] {
        var objects: [UInt32: VolumeObject] = [:]
        for key in keys {
            let number = key.object ?? 1
            var object = objects[number] ?? VolumeObject(id: number, prompts: [:])
            object.prompts[key.z, default: []] += key.prompts
            if let mask = key.mask { object.known[key.z] = try mask.mask(in: size) }
            objects[number] = object
        }
        guard replaces == nil || objects.count == 1 else {
            throw ServerError.malformed("'replaces' goes with one object, not \(objects.count)")
        }
        return objects.sorted { $0.key < $1.key }.map(\.value)
    }

    /// How the object goes from slice to slice.
    ///
    /// - Parameter count: Number of slices.
    func propagation(sliceCount count: Int) -> PropagationOptions {
        var result = PropagationOptions()
        guard let options else { return result }
        let named = MaskProjection.named.first { $0.name == options.projection }
        result.projection = named?.projection ?? result.projection
        result.overlapThreshold = options.overlapThreshold ?? result.overlapThreshold
        result.boxExtension = options.boxExtension ?? result.boxExtension
        result.filling = options.fill ?? result.filling
        result.stopAfterEmpty = options.stopAfterEmpty ?? result.stopAfterEmpty
        if options.first != nil || options.last != nil {
            let first = options.first ?? 0
            result.slices = first...max(options.last ?? count - 1, first)
        }
        return result
    }
}
