/// The files of a folder that are images, and those that programs have written beside them: `a_masks.tif`,
/// `a_cp_masks.png`, `a_overlay.png` beside `a.tif`.
public struct CompanionFiles: Hashable, Sendable {
    /// Files that are no companions, in their order.
    public let images: [String]

    /// Companions that hold labels, in their order.
    public let labels: [String]

    /// Companions that are pictures of results.
    public let pictures: [String]

    /// Sorts the files of a folder; one is a companion only if the image is there, too.
    public init(_ files: [String]) {
        let names = Set(files.map { FileStem($0).file })
        var (images, labels, pictures): ([String], [String], [String]) = ([], [], [])
        for file in files {
            if let found = FileStem.companion(FileStem(file).file), names.contains(found.image) {
                if found.isLabels { labels.append(file) } else { pictures.append(file) }
            } else {
                images.append(file)
            }
        }
        (self.images, self.labels, self.pictures) = (images, labels, pictures)
    }
}
