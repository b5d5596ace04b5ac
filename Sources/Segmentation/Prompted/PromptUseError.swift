public import Imaging
public import Prompting

/// Prompts of an object that cannot be used with the image at hand.
public struct PromptUseError: PromptRefusal, Hashable, Sendable {
    /// What is wrong with the prompts of an object.
    public enum Problem: Hashable, Sendable {
        /// What the object itself says of its defect: no prompts, two boxes, coordinates out of range.
        case defect(String)
        /// The object has a mask alone, and the options use neither its box, nor points in it, nor the mask.
        case nothingUsed
        /// A point outside of the image.
        case pointOutside(Point<OriginalPixels>)
        /// A scribble no part of which lies in the image.
        case scribbleOutside
        /// A box that covers no pixel of the image.
        case boxOutside(Box<OriginalPixels>)
        /// A mask of another size than the image.
        case maskOfOtherSize(Size)
        /// A mask whose runs cannot be read, and why.
        case damagedMask(String)
        /// A mask, or an outline, that covers no pixel of the image.
        case maskOutside
    }

    /// The id of the object.
    public let object: UInt32

    /// Size of the image.
    public let imageSize: Size

    /// What is wrong.
    public let problem: Problem

    init(object: UInt32, imageSize: Size, _ problem: Problem) {
        self.object = object
        self.imageSize = imageSize
        self.problem = problem
    }
}

extension PromptUseError {
    /// What is wrong, and what to do.
    public var description: String { "object \(object): \(explanation)" }

    private var explanation: String {
        switch problem {
        case .defect(let defect): "there is " + defect
        case .nothingUsed:
            "nothing of its mask is used; allow its box, its points or the mask itself"
        case .pointOutside(let point):
            "the point (y \(point.y), x \(point.x)) lies outside the image of \(imageSize) pixels; "
                + "coordinates are y,x"
        case .scribbleOutside:
            "a scribble lies outside the image of \(imageSize) pixels"
        case .boxOutside(let box):
            "its box from (y \(box.minY), x \(box.minX)) to (y \(box.maxY), x \(box.maxX)) covers no "
                + "pixel of the image of \(imageSize) pixels; coordinates are y0,x0,y1,x1"
        case .maskOfOtherSize(let size):
            "its mask has \(size) pixels, but the image has \(imageSize); give a mask of that size"
        case .damagedMask(let cause): "its mask cannot be unpacked: \(cause)"
        case .maskOutside:
            "its mask covers no pixel of the image of \(imageSize) pixels"
        }
    }
}
