public import ImageFormats

/// An image file and the file with its labels, or a part of them.
public typealias TrainingPair = AnnotatedImage
