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

    /// Whether the numbers in two names may mean the same: those of the name with fewer come in the other
    /// one, in the same order.
    func numbersAgree(with other: FileStem) -> Bool {
        var (few, many) = (numbers[...], other.numbers[...])
        if few.count > many.count { (few, many) = (many, few) }
        while let number = few.popFirst() {
            guard let place = many.firstIndex(of: number) else { return false }
            many = many[(place + 1)...]
        }
        return true
    }

    /// The numbers in the name, without zeros before them.
    private var numbers: [Substring] {
        file.split { !$0.isNumber }.map { digits in
            let short = digits.drop { $0 == "0" }
            return short.isEmpty ? "0" : short
        }
    }

    /// What programs add to the name of an image for files that they write beside it.
    private static let companionEndings = [
        "_cp_masks", "_masks", "_mask", "_seg", "_labels", "_label", "_cp_outlines", "_outlines",
        "_cp_flows", "_flows", "_cp_output", "_overlay",
    ]

    /// Endings of files that are pictures of a result and no labels.
    private static let pictureEndings: Set<String> = [
        "_cp_outlines", "_outlines", "_cp_flows", "_flows", "_cp_output", "_overlay",
    ]

    /// The name without what a program has added to that of an image.
    static func withoutCompanionEnding(_ name: String) -> String {
        companion(name)?.image ?? name
    }

    /// The name of the image that a file was written beside, and whether it holds labels.
    static func companion(_ name: String) -> (image: String, isLabels: Bool)? {
        guard let ending = companionEndings.first(where: { name.hasSuffix($0) }),
            name.count > ending.count
        else { return nil }
        return (String(name.dropLast(ending.count)), !pictureEndings.contains(ending))
    }
}
