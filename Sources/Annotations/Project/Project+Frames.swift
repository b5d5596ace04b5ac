import Prompting

extension Project {
    /// Gives a movie more frames at its end; its objects and its history stay.
    ///
    /// This is no gesture and cannot be undone.
    ///
    /// - Parameters:
    ///   - id: A movie whose frames have a file each.
    ///   - entry: The same movie with the new frames behind those that it has.
    /// - Throws: ``ProjectError/unknownImage(_:)``; ``ProjectError/badGesture(_:)`` if the entry does not continue the movie;
    ///   errors of the file. Nothing is changed then.
    public func extendMovie(_ id: Int64, to entry: ImageEntry) throws(ProjectError) {
        try write { store in
            let image = try store.image(id)
            guard entry.continues(image.entry), entry.shape.isUsable else {
                throw ProjectError.badGesture(
                    "the frames of '\(entry.name)' do not continue those that the project has"
                )
            }
            try store.setFrames(of: id, entry)
        }
    }
}

extension ImageEntry {
    /// Whether this is a movie with more frames at its end than another entry, and else the same.
    fileprivate func continues(_ other: ImageEntry) -> Bool {
        guard case .files(let names) = selection.frames,
            case .files(let known) = other.selection.frames,
            names.count > known.count, names.starts(with: known), shape.t == names.count
        else { return false }
        var (same, extents) = (selection, shape)
        same.frames = other.selection.frames
        extents.t = other.shape.t
        return path == other.path && same == other.selection && extents == other.shape
    }
}
