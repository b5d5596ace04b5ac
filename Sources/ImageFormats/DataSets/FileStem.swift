import Foundation

/// The name of an image file without its folder and ending; `.ome.tif` is one ending.
struct FileStem: Hashable {
    /// The name of the file alone: `a` for `x/a.ome.tif` and for `x/a.h5#raw/0`.
    let file: String

    /// The name with the data set, so that several of one file differ: `a_raw_0` for `x/a.h5#raw/0`.
    let full: String

    init(_ path: String) {
        var container = path[...]
        var dataset = ""
        if !FileManager.default.fileExists(atPath: path), let sign = path.lastIndex(of: "#"),
            sign > path.startIndex
        {
            container = path[..<sign]
            dataset = "_" + path[path.index(after: sign)...].replacing("/", with: "_")
        }
        while container.count > 1, container.last == "/" { container.removeLast() }
        let last = container.split(separator: "/").last ?? container
        let url = URL(filePath: String(last)).deletingPathExtension()
        let isOME = url.pathExtension.lowercased() == "ome"
        file = (isOME ? url.deletingPathExtension() : url).lastPathComponent
        full = file + dataset
    }
}
