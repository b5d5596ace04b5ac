import Files
import Prompting

extension HDF5File {
    /// The only image in the file.
    struct Image {
        let name: String

        /// The data sets of smaller resolution levels, largest first.
        var levels: [String] = []

        /// What was not offered.
        var notes: [ReadingNote] = []
    }

    /// The only image in the file.
    ///
    /// Tables lie beside images, too, such as those of BigDataViewer and ilastik: two dimensions of which one
    /// counts a few columns. They are offered only where there is nothing else. Resolution levels of one image
    /// are no images of their own.
    ///
    /// - Throws: ``ImageFormatError`` with the names if there are several.
    func image() throws(ImageFormatError) -> Image {
        let all = try dataSets()
        let wide = all.filter { !$0.isNarrow }
        let found = wide.filter { !$0.looksLikeTable }
        let names = Self.largest(
            of: (found.isEmpty ? wide.isEmpty ? all : wide : found).map(\.name)
        )
        guard names.count == 1, let name = names.first else {
            throw .severalDataSets(names, path: path)
        }
        var image = Image(name: name, levels: Self.levels(of: name, among: all.map(\.name)))
        if !found.isEmpty {
            let tables = wide.filter(\.looksLikeTable).map { "'\($0.name)'" }
            if !tables.isEmpty {
                let text =
                    "\(Wording.list(tables)) \(tables.count == 1 ? "looks like a table" : "look like tables")"
                image.notes.append(.note(text + " and not like an image; '\(name)' is used"))
            }
        }
        return image
    }

    /// The data sets of smaller levels of one that is known by its name to be the largest; none for others.
    func levels(of name: String) throws(ImageFormatError) -> [String] {
        guard HDF5Level(name)?.number == 0 else { return [] }
        return Self.levels(of: name, among: try dataSets().map(\.name))
    }

    private static func levels(of name: String, among all: [String]) -> [String] {
        guard let level = HDF5Level(name), level.number == 0, level.canBeRead else { return [] }
        return all.compactMap { other -> (Int, String)? in
            guard let found = HDF5Level(other), found.image == level.image, found.number > 0 else {
                return nil
            }
            return (found.number, other)
        }
        .sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The names without those of smaller levels of others among them.
    private static func largest(of names: [String]) -> [String] {
        let images = Set(names.compactMap(HDF5Level.init).filter { $0.number == 0 }.map(\.image))
        return names.filter { name in
            guard let level = HDF5Level(name), level.number > 0 else { return true }
            return !images.contains(level.image)
        }
    }
}

extension HDF5File.Listed {
    private var sides: (shorter: Int, longer: Int) {
        let sorted = shape.sorted()
        return (sorted.dropLast().last ?? 0, sorted.last ?? 0)
    }

    /// Whether no image is so narrow.
    fileprivate var isNarrow: Bool { sides.shorter < 8 }

    /// Whether there are a few columns and far more rows, or the other way round.
    fileprivate var looksLikeTable: Bool {
        shape.count == 2 && sides.shorter < 64 && sides.longer / 16 >= sides.shorter
    }
}

/// What the name of a data set says of resolution levels: `t00000/s00/1/cells` of BigDataViewer, and
/// `DataSet/ResolutionLevel 1/TimePoint 0/Channel 0/Data` of Imaris.
struct HDF5Level {
    /// 0 for full resolution.
    let number: Int

    /// The name without the level.
    let image: [String]

    /// Whether the levels show the same part of the image: those of Imaris are padded to whole blocks.
    let canBeRead: Bool

    /// - Returns: Nil for other names.
    init?(_ name: String) {
        let parts = name.split(separator: "/").map(String.init)
        if parts.count == 4, Self.number(parts[0], after: "t") != nil,
            Self.number(parts[1], after: "s") != nil, parts[3] == "cells",
            let number = Self.number(parts[2], after: "")
        {
            (self.number, image, canBeRead) = (number, [parts[0], parts[1]], true)
        } else if parts.count == 5, parts[0] == "DataSet", parts[4] == "Data",
            let number = Self.number(parts[1], after: "ResolutionLevel ")
        {
            (self.number, image, canBeRead) = (number, [parts[2], parts[3]], false)
        } else {
            return nil
        }
    }

    private static func number(_ part: String, after prefix: String) -> Int? {
        guard part.hasPrefix(prefix) else { return nil }
        let digits = part.dropFirst(prefix.count)
        return digits.allSatisfy { "0123456789".contains($0) } ? Int(digits) : nil
    }
}
