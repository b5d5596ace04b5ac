import Files
import Imaging
public import Prompting

extension [PredictedMask] {
    /// What a user has to know of the masks of some objects: points that were left out, and empty masks.
    public func remarks(on objects: [PromptedObject]) -> [String] {
        let dropped = filter { $0.droppedPoints > 0 }.map { mask in
            "object \(objects[mask.object].id): \(Wording.count(mask.droppedPoints, "point")) outside its "
                + "tile left out; place them closer together"
        }
        let found = Set(filter { !$0.pixels.isEmpty }.map(\.object))
        let empty = objects.indices.filter { !found.contains($0) }.map { index in
            let object = objects[index]
            return "object \(object.id): the mask is empty; "
                + (object.isOnlyNegative
                    ? "all its prompts are negative, so add a point, a box or an outline of the object"
                    : "move its prompts, or add others")
        }
        return dropped + empty
    }
}
