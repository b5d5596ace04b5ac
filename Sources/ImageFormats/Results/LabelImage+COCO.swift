import Files
public import Foundation
public import Imaging

extension LabelImage {
    /// Writes the objects as COCO annotations with run-length masks.
    ///
    /// Every object is one annotation whose `id` is its label: `segmentation` is compressed run lengths
    /// as pycocotools writes them, `bbox` is x, y, width, height, `area` counts pixels. There is one
    /// image. The categories are those of the objects; it is `object` where none is given.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced only when the new one is complete.
    ///   - imageName: The name of the image file that was segmented.
    ///   - scores: Confidences by label; written as `score` where there is one.
    ///   - words: Categories by label.
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func writeCOCO(
        to url: URL,
        imageName: String,
        scores: [UInt32: Double] = [:],
        words: [UInt32: ObjectWords] = [:]
    ) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in
            try appendCOCO(to: &file, imageName, scores, words)
        }
    }

    /// The bytes that ``writeCOCO(to:imageName:scores:words:)`` writes, in memory.
    public func cocoData(
        imageName: String,
        scores: [UInt32: Double] = [:]
    ) throws(ImageFormatError) -> Data {
        try bytes { memory throws(FileError) in
            try appendCOCO(to: &memory, imageName, scores, [:])
        }
    }

    private func appendCOCO<Sink: ByteSink & ~Copyable>(
        to file: inout Sink,
        _ imageName: String,
        _ scores: [UInt32: Double],
        _ words: [UInt32: ObjectWords]
    ) throws(FileError) {
        let boxes = boxes()
        let named = boxes.map { words[$0.label]?.category ?? Self.plainCategory }
        let categories = named.isEmpty ? [Self.plainCategory] : Set(named).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: zip(categories, 1...))
        let kinds = Dictionary(uniqueKeysWithValues: zip(boxes.map(\.label), named))
        try file.append(Self.cocoHead([cocoImage(1, imageName)], categories))
        let annotations = cocoAnnotations(image: 1, scores) { label in
            kinds[label].flatMap { numbers[$0] } ?? 1
        }
        try file.append("\n" + annotations.joined(separator: ",\n"))
        try file.append("\n]}\n")
    }

    /// The entry of an image.
    ///
    /// - Parameter plane: The plane of a stack; nil for an image of one plane.
    func cocoImage(_ number: Int, _ name: String, plane: PlaneIndex? = nil) -> String {
        let place = plane.map { ", \"t\": \($0.t), \"z\": \($0.z)" } ?? ""
        return "{\"id\": \(number), \"file_name\": \(JSONValue.string(name).text), "
            + "\"width\": \(size.width), \"height\": \(size.height)\(place)}"
    }

    /// The category of objects of which nothing is known.
    static let plainCategory = "object"

    /// All before the annotations; categories are numbered from 1.
    static func cocoHead(
        _ images: [String],
        _ categories: [String] = [plainCategory]
    ) -> String {
        let rows = categories.enumerated().map { index, name in
            "{\"id\": \(index + 1), \"name\": \(JSONValue.string(name).text)}"
        }
        return """
            {"images": [\(images.joined(separator: ",\n  "))],
             "categories": [\(rows.joined(separator: ", "))],
             "annotations": [
            """
    }

    /// The entries of all objects, by label.
    ///
    /// - Parameters:
    ///   - offset: Is added to labels for the numbers of the entries.
    ///   - category: The number of the category of a label.
    func cocoAnnotations(
        image: Int,
        _ scores: [UInt32: Double],
        offset: Int = 0,
        category: (UInt32) -> Int = { _ in 1 }
    ) -> [String] {
        boxes().map { label, box in
            let (counts, area) = columnRuns(of: label, in: box)
            let text = JSONValue.string(RunLengthMask.cocoString(of: counts)).text
            let score = scores[label].map { ", \"score\": \(JSONValue.number($0).text)" } ?? ""
            return """
                {"id": \(Int(label) + offset), "image_id": \(image), "category_id": \(category(label)), \
                "iscrowd": 0, "area": \(area), \
                "bbox": [\(box.x), \(box.y), \(box.width), \(box.height)]\(score), \
                "segmentation": {"size": [\(size.height), \(size.width)], "counts": \(text)}}
                """
        }
    }

    /// The run lengths of an object down the columns of the image, beginning with background, as
    /// ``RunLengthMask/cocoCounts()`` gives them, and its area; looks only at its box.
    private func columnRuns(of label: UInt32, in box: Region) -> (counts: [Int], area: Int) {
        var counts: [Int] = []
        var area = 0
        // Where the last run ended, counted down the columns; `start` is set inside a run.
        var end = 0
        var start: Int?
        for x in box.x..<box.endX {
            for y in box.y...box.endY {
                let isInside = y < box.endY && labels[y * size.width + x] == label
                let position = x * size.height + y
                if isInside, start == nil {
                    start = position
                } else if !isInside, let begin = start {
                    // A run that reaches the foot of its column goes on at the head of the next.
                    if begin == end, !counts.isEmpty {
                        counts[counts.count - 1] += position - begin
                    } else {
                        counts += [begin - end, position - begin]
                    }
                    area += position - begin
                    end = position
                    start = nil
                }
            }
        }
        if end < size.count || counts.isEmpty { counts.append(size.count - end) }
        return (counts, area)
    }

    /// The smallest rectangle around every object, by label in ascending order.
    func boxes() -> [(label: UInt32, box: Region)] {
        var corners: [UInt32: (minX: Int, minY: Int, maxX: Int, maxY: Int)] = [:]
        var x = 0
        var y = 0
        for label in labels {
            if label != 0 {
                let old = corners[label] ?? (x, y, x, y)
                corners[label] = (min(old.minX, x), old.minY, max(old.maxX, x), y)
            }
            x += 1
            if x == size.width {
                x = 0
                y += 1
            }
        }
        return corners.sorted { $0.key < $1.key }.map { label, c in
            (
                label,
                Region(
                    x: c.minX,
                    y: c.minY,
                    width: c.maxX - c.minX + 1,
                    height: c.maxY - c.minY + 1
                )
            )
        }
    }
}
