import Files
import Foundation
import ImageFormats
public import Imaging

/// An image file and the file with its labels, or a part of them.
public struct TrainingPair: Codable, Hashable, Sendable {
    /// The image, as the user named it.
    public var image: String

    /// The labels, as the user named them.
    public var labels: String

    /// How both files are read.
    public var reading = ReadingOptions()

    /// Planes to use of all time points and slices, in the order t, z; nil for all.
    public var planes: Range<Int>?

    /// The part of each plane to use, or nil for all of it.
    public var region: Region?

    /// Where in a file the pixels are.
    public struct ReadingOptions: Codable, Hashable, Sendable {
        /// The data set of the image inside a container such as HDF5.
        public var imageKey: String?
        /// The data set of the labels inside a container.
        public var labelKey: String?
        /// Which of several separately stored channels become red, green and blue, from 0; one is grey.
        public var channels: [Int]?

        /// Nothing is selected.
        public init() {}
    }

    /// A pair of whole files.
    public init(image: String, labels: String, reading: ReadingOptions = ReadingOptions()) {
        self.image = image
        self.labels = labels
        self.reading = reading
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
    /// Files belong together if their names without ending are equal; otherwise if what remains of the
    /// names is, after the beginning and end that all images (and all label images) share were removed,
    /// such as `t001` and `man_track001`; otherwise the first image belongs to the first labels and so
    /// on, which only works for equally many. A container may be both image and labels.
    ///
    /// - Parameters:
    ///   - images: Image files in natural order.
    ///   - labels: Label files in natural order.
    /// - Throws: ``TrainingDataError/unpaired(images:labels:reason:)``.
    public static func match(
        images: [String],
        labels: [String],
        reading: ReadingOptions = ReadingOptions()
    ) throws(TrainingDataError) -> (pairs: [TrainingPair], matching: Matching) {
        guard !images.isEmpty, !labels.isEmpty else {
            throw .unpaired(
                images: images,
                labels: labels,
                reason: "there are \(images.count) images and \(labels.count) label images"
            )
        }
        func pairs(_ order: [Int]) -> [TrainingPair] {
            zip(images, order).map { TrainingPair(image: $0, labels: labels[$1], reading: reading) }
        }
        if images.count == 1, labels.count == 1 { return (pairs([0]), .name) }
        let stems = (images.map(stem), labels.map(stem))
        if let order = assignment(stems.0, stems.1) { return (pairs(order), .name) }
        if let order = assignment(distinctParts(stems.0), distinctParts(stems.1)) {
            return (pairs(order), .distinctPart)
        }
        let common = Set(stems.0).intersection(stems.1)
        guard images.count == labels.count, common.isEmpty else {
            throw .unpaired(
                images: zip(images, stems.0).filter { !common.contains($0.1) }.map(\.0),
                labels: zip(labels, stems.1).filter { !common.contains($0.1) }.map(\.0),
                reason: "there are \(images.count) images and \(labels.count) label images, "
                    + "\(common.count) with equal names"
            )
        }
        return (pairs(Array(labels.indices)), .order)
    }

    private static func stem(_ path: String) -> String { FileName.stem(path, dataset: .kept) }

    /// For each image, the position of the labels with the same name, if all have exactly one.
    private static func assignment(_ images: [String], _ labels: [String]) -> [Int]? {
        guard images.count == labels.count, Set(images).count == images.count else { return nil }
        let positions = Dictionary(
            zip(labels, labels.indices),
            uniquingKeysWith: { first, _ in first }
        )
        guard positions.count == labels.count else { return nil }
        let order = images.compactMap { positions[$0] }
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
}
