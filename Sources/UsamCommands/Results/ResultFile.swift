package import Prompting

/// A file that a run writes for an image.
package struct ResultFile: Hashable, Sendable {
    /// Its form.
    package let kind: ResultKind

    /// Where it lies; a folder for OME-Zarr.
    package let path: String

    /// Names a file.
    package init(_ kind: ResultKind, _ path: String) {
        self.kind = kind
        self.path = path
    }
}
