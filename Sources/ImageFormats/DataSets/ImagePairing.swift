public import Prompting

/// Images together with the labels that belong to them, and how these were found.
public struct ImagePairing: Hashable, Sendable {
    /// The pairs, in the order of the images.
    public let pairs: [AnnotatedImage]

    /// The rule that was used.
    public let matching: Matching

    /// Label files that belong to none of the images.
    public let unusedLabels: [String]

    /// What is said of pairs that were matched by their order; nothing for others.
    public var notes: [FileNote] {
        guard matching == .order, let first = pairs.first else { return [] }
        let shown = pairs.prefix(20).map {
            FileNote(
                $0.image,
                .note("its labels are \($0.labels), paired by order, because names do not match")
            )
        }
        let rest = pairs.count - shown.count
        guard rest > 0 else { return shown }
        return shown + [FileNote(first.image, .note("\(rest) more pairs are paired by order"))]
    }

    /// How files were matched.
    public enum Matching: String, Codable, Hashable, Sendable {
        /// By equal names without ending.
        case name
        /// By what is left of the names after what all images, and all labels, have in common.
        case distinctPart
        /// By their order, because the names tell nothing.
        case order
    }

    /// Matches images with label images.
    ///
    /// Files belong together if their names without ending are equal; labels of other names are then left
    /// over. Otherwise they do if what remains of the names is equal, after the beginning and end that all
    /// images (and all label images) share were removed, such as `t001` and `man_track001`. Otherwise the
    /// first image belongs to the first labels and so on, which only works for equally many that have no
    /// names in common, and whose names hold no numbers that disagree. A container may be both image and
    /// labels, and one COCO file those of many images. Labels may have `_masks`, `_cp_masks` and the like behind the name of their image.
    ///
    /// - Parameters:
    ///   - images: Image files, in natural order.
    ///   - labels: Label files, in natural order.
    ///   - reading: How both are read.
    /// - Throws: ``DataSetError/unpaired(_:)``, ``DataSetError/numbersDisagree(image:labels:)``.
    public init(
        images: [String],
        labels: [String],
        reading: AnnotatedImage.ReadingOptions = .init()
    ) throws(DataSetError) {
        if labels.count == 1, images.count > 1,
            let pairs = Self.pairs(images, describedIn: labels[0], reading)
        {
            (matching, unusedLabels) = (.name, [])
            self.pairs = Self.uniquelyNamed(pairs)
            return
        }
        let names = Names(images: images.map(FileStem.init), labels: labels.map(FileStem.init))
        guard !images.isEmpty, !labels.isEmpty, let found = names.matched else {
            throw .unpaired(names.unpaired(images: images, labels: labels))
        }
        if found.rule == .order {
            for (index, place) in found.order.enumerated()
            where !names.images[index].numbersAgree(with: names.labels[place]) {
                throw .numbersDisagree(image: images[index], labels: labels[place])
            }
        }
        matching = found.rule
        pairs = Self.uniquelyNamed(
            zip(images, found.order).map { image, place in
                AnnotatedImage(image: image, labels: labels[place], reading: reading)
            }
        )
        let used = Set(found.order)
        unusedLabels = labels.indices.filter { !used.contains($0) }.map { labels[$0] }
    }

    /// Images with the one COCO file that describes all of them; nil if it does not.
    private static func pairs(
        _ images: [String],
        describedIn labels: String,
        _ reading: AnnotatedImage.ReadingOptions
    ) -> [AnnotatedImage]? {
        let tables = COCOTables(of: labels)
        guard let tables, images.allSatisfy({ (try? tables.chosen($0, file: labels)) != nil })
        else {
            return nil
        }
        return images.map { AnnotatedImage(image: $0, labels: labels, reading: reading) }
    }

    /// Files of one name in several folders get a number, because results go by name.
    private static func uniquelyNamed(_ pairs: [AnnotatedImage]) -> [AnnotatedImage] {
        var seen: [String: Int] = [:]
        return pairs.map { pair in
            let count = seen[pair.name, default: 0] + 1
            seen[pair.name] = count
            guard count > 1 else { return pair }
            var named = pair
            named.name = "\(pair.name)_\(count)"
            return named
        }
    }
}

extension AnnotatedImage {
    /// Matches images with label images, see ``ImagePairing/init(images:labels:reading:)``.
    ///
    /// - Throws: As ``ImagePairing/init(images:labels:reading:)``.
    public static func match(
        images: [String],
        labels: [String],
        reading: ReadingOptions = ReadingOptions()
    ) throws(DataSetError) -> ImagePairing {
        try ImagePairing(images: images, labels: labels, reading: reading)
    }
}

/// The names of images and label files, by which they are matched.
private struct Names {
    let images: [FileStem]
    let labels: [FileStem]

    /// The position of the labels of each image, and the rule that told it.
    var matched: (order: [Int], rule: ImagePairing.Matching)? {
        if images.count == 1, labels.count == 1 { return ([0], .name) }
        let (names, labelNames) = (images.map(\.full), labels.map(\.full))
        // Equal lists belong together even if a name comes again in another folder.
        if names == labelNames { return (Array(labels.indices), .name) }
        if let order = Self.assignment(names, labelNames) { return (order, .name) }
        if let order = Self.assignment(images.map(\.file), labels.map(\.file)) {
            return (order, .name)
        }
        let plain = labelNames.map(FileStem.withoutCompanionEnding)
        if let order = Self.assignment(names, plain) { return (order, .name) }
        guard names.count == labelNames.count else { return nil }
        if let order = Self.assignment(Self.distinctParts(names), Self.distinctParts(labelNames)) {
            return (order, .distinctPart)
        }
        return Set(names).isDisjoint(with: labelNames) ? (Array(labels.indices), .order) : nil
    }

    /// For each image, the position of the labels with the same name, if all have exactly one.
    private static func assignment(_ images: [String], _ labels: [String]) -> [Int]? {
        guard Set(images).count == images.count else { return nil }
        let positions = Dictionary(grouping: labels.indices) { labels[$0] }
        let order = images.compactMap { name -> Int? in
            guard let found = positions[name], found.count == 1 else { return nil }
            return found[0]
        }
        return order.count == images.count ? order : nil
    }

    /// The names without the longest beginning and end that all share; digits are never cut.
    private static func distinctParts(_ names: [String]) -> [String] {
        guard names.count > 1, let first = names.first else { return names }
        func common(_ texts: [Substring], _ first: Substring) -> Int {
            var length = 0
            for (index, character) in first.enumerated() {
                guard !character.isNumber,
                    texts.allSatisfy({ $0.dropFirst(index).first == character })
                else { break }
                length += 1
            }
            return length
        }
        let start = common(names.map { $0[...] }, first[...])
        let tails = names.map { Substring($0.dropFirst(start).reversed()) }
        let end = common(tails, Substring(first.dropFirst(start).reversed()))
        return names.map { String($0.dropFirst(start).dropLast(end)) }
    }

    /// What is told of files that cannot be matched.
    func unpaired(images files: [String], labels labelFiles: [String]) -> DataSetError.Unpaired {
        let (imageNames, labelNames) = (Set(images.map(\.full)), Set(labels.map(\.full)))
        let common = imageNames.intersection(labelNames)
        return DataSetError.Unpaired(
            imageCount: files.count,
            labelCount: labelFiles.count,
            commonCount: common.count,
            images: zip(files, images).filter { !common.contains($0.1.full) }.map(\.0),
            labels: zip(labelFiles, labels).filter { !common.contains($0.1.full) }.map(\.0)
        )
    }
}
