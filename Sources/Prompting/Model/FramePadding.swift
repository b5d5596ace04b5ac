/// What lies beside an image that does not fill the square frame of the model.
///
/// Segment Anything fills up with the mean colour. A model that was trained on crops of the frame has never seen
/// that: it takes the flat area for a part of the scene, and finds next to nothing in a dark image of another
/// shape than a square. For such a model the image goes on as its mirror image.
public enum FramePadding: String, Codable, CaseIterable, Sendable {
    /// The mean colour, which is zero after normalisation.
    case zero
    /// The mirror image, without repeating the pixels at the border.
    case mirror
}
