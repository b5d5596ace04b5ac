import Files
import Foundation

/// The files of a set that an OME-XML description names, and which of them are there.
struct OMEFiles {
    /// Where a block of planes is.
    enum Place: Hashable {
        /// In the file that was opened.
        case opened
        /// In the file of this name in the same folder.
        case beside(String)
        /// In a file of this name, which is not there.
        case absent(String)
    }

    /// All names in the description, in order.
    let names: [String]

    private let ownName: String
    private let ownUUID: String?
    private let present: Set<String>

    /// Whether blocks name the opened file.
    private let isNamed: Bool

    /// Whether blocks have the identity of the opened file, and name one file.
    ///
    /// Copies share an identity.
    private let isIdentified: Bool

    /// Whether blocks that name no file have identities of several files.
    private let hasNameless: Bool

    init(_ images: [OMEMetadata.Image], path: String, uuid: String?) {
        let name = (path as NSString).lastPathComponent
        let folder = (path as NSString).deletingLastPathComponent
        let blocks = images.flatMap(\.data)
        var names: [String] = []
        var known: Set<String> = []
        for case let file? in blocks.map(\.fileName) where known.insert(Self.local(file)).inserted {
            names.append(Self.local(file))
        }
        self.names = names
        ownName = name
        ownUUID = uuid
        isNamed = known.contains(name)
        let own = Set(blocks.filter { uuid != nil && $0.uuid == uuid }.map(\.fileName))
        isIdentified = own.count == 1
        let nameless = Set(blocks.filter { $0.fileName == nil }.compactMap(\.uuid))
        hasNameless = nameless.count > 1 || !nameless.isEmpty && !known.isEmpty
        present = Set(names.filter { FileStatus(of: FileName.join(folder, $0)) != nil })
    }

    /// Where a block is: the file's own name decides, then its identity; a file that was renamed is meant
    /// where one name stands throughout.
    func place(of block: OMEMetadata.TIFFData) -> Place {
        guard let file = block.fileName else {
            guard hasNameless, let identity = block.uuid, identity != ownUUID else {
                return .opened
            }
            return .absent(identity)
        }
        let name = Self.local(file)
        if isNamed {
            if name == ownName { return .opened }
        } else if isIdentified {
            if block.uuid == ownUUID { return .opened }
        } else if names.count == 1 {
            return .opened
        }
        return present.contains(name) ? .beside(name) : .absent(name)
    }

    /// Whether a plane of the image is in the file that was opened.
    func hasPlanes(of image: OMEMetadata.Image) -> Bool {
        image.data.isEmpty || image.data.contains { place(of: $0) == .opened }
    }

    /// The name without folders: files of a set lie beside each other, and nowhere else is looked.
    private static func local(_ file: String) -> String {
        (file.replacing("\\", with: "/") as NSString).lastPathComponent
    }
}
