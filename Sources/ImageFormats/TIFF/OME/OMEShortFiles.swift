import Files
import Foundation

/// The files of a set that have fewer pages than the description names.
struct OMEShortFiles {
    /// Their names, sorted.
    private(set) var names: [String] = []

    /// How many planes they lack.
    private(set) var planes = 0

    /// Looks at the files that planes lie in.
    ///
    /// - Parameters:
    ///   - map: Where the planes are.
    ///   - files: The names of the other files, beginning with number 1.
    ///   - path: The file that was opened.
    init(_ map: TIFFPlaneMap, _ files: [String], besides path: String) {
        let folder = (path as NSString).deletingLastPathComponent
        var pages: [Int: [Int]] = [:]
        for case let place? in map.places where place.file > 0 {
            pages[place.file, default: []].append(place.page)
        }
        for (file, numbers) in pages {
            let needed = (numbers.max() ?? 0) + 1
            let name = files[file - 1]
            let found = TIFFChain.pageCount(of: FileName.join(folder, name), upTo: needed)
            let lacking = numbers.count { $0 >= found }
            if lacking > 0 {
                names.append(name)
                planes += lacking
            }
        }
        names.sort()
    }
}
