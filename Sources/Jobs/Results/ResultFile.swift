import ImageFormats
public import Prompting

/// A file that a run writes for an image.
public struct ResultFile: Hashable, Sendable {
    /// Its form.
    public let kind: ResultKind

    /// Where it lies; a folder for OME-Zarr.
    public let path: String

    /// Names a file.
    public init(_ kind: ResultKind, _ path: String) {
        self.kind = kind
        self.path = path
    }

    /// Whether its place is a folder that holds something else, so that it must not be replaced.
    var replacesOther: Bool {
        kind == .stl
            ? StackMeshes.isOtherThanMeshes(path) : ImageContainer.isOtherThanLabels(path)
    }
}
