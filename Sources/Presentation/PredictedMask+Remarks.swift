import Files
import Imaging
public import Prompting

extension [PredictedMask] {
    /// What a user has to know of the masks of some objects: points that were left out, prompts that say nothing, and
    /// empty masks.
    public func remarks(on objects: [PromptedObject]) -> [String] {
        let dropped = filter { $0.droppedPoints > 0 }.map { mask in
            "object \(objects[mask.object].id): \(Wording.count(mask.droppedPoints, "point")) outside its "
                + "tile left out; place them closer together"
        }
        let found = Set(filter { !$0.pixels.isEmpty }.map(\.object))
        let doubtful = objects.indices.compactMap { index -> String? in
            let object = objects[index]
            if object.isOnlyNegative {
                return "object \(object.id): all its prompts are negative, so nothing says where "
                    + "it is; add a point, a box or an outline"
            }
            guard !found.contains(index) else { return nil }
            return "object \(object.id): the mask is empty; move its prompts, or add others"
        }
        return dropped + doubtful
    }
}
