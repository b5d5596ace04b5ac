import Files

/// Label files that are brought into one image.
public enum LabelSource: Hashable, Sendable {
    /// One file with all planes of the image, or with tracks.
    case file(String)
    /// A file for each of some planes, by their numbers: `t * slices + z`.
    case planes([Int: String])

    /// Its files, in the order of the planes.
    public var files: [String] {
        switch self {
        case .file(let file): [file]
        case .planes(let files): files.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}

extension LabelSource: CustomStringConvertible {
    /// The file, or how many there are.
    public var description: String {
        switch self {
        case .file(let file): file
        case .planes(let files): Wording.count(files.count, "label file")
        }
    }
}

/// How labels of other programs become objects.
public struct LabelImportOptions: Hashable, Sendable {
    /// The data set inside a container.
    public var key: String?
    /// What becomes of objects that are there.
    public var rule: OverlapRule
    /// Whether labels of different planes are different objects, as where each plane was segmented by itself; otherwise
    /// a label is one object in all planes.
    public var separatesPlanes: Bool

    /// Takes options.
    public init(key: String? = nil, rule: OverlapRule = .keep, separatesPlanes: Bool = false) {
        (self.key, self.rule, self.separatesPlanes) = (key, rule, separatesPlanes)
    }
}
