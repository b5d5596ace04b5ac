import Files
public import Foundation
public import Imaging

extension LabelImage {
    /// Writes the objects as COCO annotations with run-length masks.
    ///
    /// Every object is one annotation whose `id` is its label: `segmentation` is compressed run lengths
    /// as pycocotools writes them, `bbox` is x, y, width, height, `area` counts pixels. There is one
    /// image and one category, `object`.
    ///
    /// - Parameters:
    ///   - url: The destination; an existing file is replaced only when the new one is complete.
    ///   - imageName: The name of the image file that was segmented.
    ///   - scores: Confidences by label; written as `score` where there is one.
    /// - Throws: ``ImageFormatError`` if the file cannot be written; no partial file remains.
    public func writeCOCO(
        to url: URL,
        imageName: String,
        scores: [UInt32: Double] = [:]
    ) throws(ImageFormatError) {
        try replaceFile(at: url) { file throws(FileError) in
            try appendCOCO(to: &file, imageName, scores)
        }
    }

    /// The bytes that ``writeCOCO(to:imageName:scores:)`` writes, in memory.
    public func cocoData(
        imageName: String,
        scores: [UInt32: Double] = [:]
    ) throws(ImageFormatError) -> Data {
        try bytes { memory throws(FileError) in
            try appendCOCO(to: &memory, imageName, scores)
        }
    }

    private func appendCOCO<Sink: ByteSink & ~Copyable>(
        to file: inout Sink,
        _ imageName: String,
        _ scores: [UInt32: Double]
    ) throws(FileError) {
        try file.append(Self.cocoHead([cocoImage(1, imageName)]))
        try file.append("\n" + cocoAnnotations(image: 1, scores).joined(separator: ",\n"))
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

    /// All before the annotations.
    static func cocoHead(_ images: [String]) -> String {
        """
        {"images": [\(images.joined(separator: ",\n  "))],
         "categories": [{"id": 1, "name": "object"}],
         "annotations": [
        """
    }

    /// The entries of all objects, by label.
    ///
    /// - Parameter offset: Is added to labels for the numbers of the entries.
    func cocoAnnotations(
        image: Int,
        _ scores: [UInt32: Double],
        offset: Int = 0
    ) -> [String] {
        boxes().map { label, box in
            let (counts, area) = columnRuns(of: label, in: box)
            let text = JSONValue.string(RunLengthMask.cocoString(of: counts)).text
            let score = scores[label].map { ", \"score\": \(JSONValue.number($0).text)" } ?? ""
            return """
                {"id": \(Int(label) + offset), "image_id": \(image), "category_id": 1, \
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
