import ImageFormats
import Imaging
import Prompting

/// Gestures with masks that are predicted once more.
struct Remaking {
    let size: Size
    let make: Project.MaskMaker?
    let segment: Project.LabelMaker?
    /// How far each new mask agrees with the stored one.
    var overlaps: [Double] = []

    mutating func remade(_ gesture: Gesture) throws -> Gesture {
        var result = gesture
        result.base = nil
        switch gesture.action {
        case .commit(let object, let replaced, let rule):
            let object = try remade(object, gesture)
            result.action = .commit(object, replacing: replaced, rule)
        case .commitMany(let objects, let rule):
            result.action = .commitMany(try remade(objects, gesture), rule)
        case .commitVolume(let parts, let replaced, let rule):
            let parts = try remade(parts, gesture)
            result.action = .commitVolume(parts, replacing: replaced, rule)
        case .accept(let objects, let rule, let settings?):
            result.action = .accept(try found(objects, settings, gesture), rule, settings)
        default: break
        }
        return result
    }

    private mutating func remade(_ objects: [NewObject], _ gesture: Gesture) throws -> [NewObject] {
        var result: [NewObject] = []
        for object in objects { result.append(try remade(object, gesture)) }
        return result
    }

    private mutating func remade(_ object: NewObject, _ gesture: Gesture) throws -> NewObject {
        guard let make, !object.prompts.isEmpty else { return object }
        let (t, z) = (object.t ?? gesture.t, object.z ?? gesture.z)
        guard let mask = try make(object, t, z) else { return object }
        overlaps.append(try object.mask.mask(in: size).intersectionOverUnion(mask))
        var result = object
        result.mask = BoxMask(mask) ?? object.mask
        return result
    }

    /// Objects of automatic segmentation, each with the pixels of the object that is found at its place now.
    private mutating func found(
        _ objects: [NewObject],
        _ settings: AutomaticSettings,
        _ gesture: Gesture
    ) throws -> [NewObject] {
        let plane = PlaneIndex(t: gesture.t, z: gesture.z)
        guard let object = objects.first, let labels = try segment?(settings, object, plane),
            labels.size == size
        else { return objects }
        let masks = Dictionary(
            NewObject.all(in: labels, source: .automatic).map { ($0.label ?? 0, $0.mask) },
            uniquingKeysWith: { first, _ in first }
        )
        var result = objects
        for (index, object) in objects.enumerated() {
            guard let label = Self.label(under: object.mask, in: labels), let mask = masks[label]
            else {
                overlaps.append(0)
                continue
            }
            let pixels = try mask.mask(in: size)
            overlaps.append(try object.mask.mask(in: size).intersectionOverUnion(pixels))
            result[index].mask = mask
        }
        return result
    }

    /// The label of which a mask covers most pixels; nil where it covers background alone.
    private static func label(under mask: BoxMask, in labels: LabelImage) -> UInt32? {
        var counts: [UInt32: Int] = [:]
        for run in mask.pixels.runs {
            let start = labels.size.index(x: run.start, y: run.y)
            for label in labels.labels[start..<start + run.count] where label != 0 {
                counts[label, default: 0] += 1
            }
        }
        return counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }
}
