import Files
public import Imaging
import Prompting

extension RegionFile {
    /// The objects of a plane as a label image.
    ///
    /// A pixel belongs to an object if its middle lies inside. Where objects overlap, smaller ones lie on
    /// larger ones. Points and lines have no area and are left out. Labels are the numbers of the file
    /// where every object has one of its own, else they count from 1 over all objects of the file.
    ///
    /// - Parameters:
    ///   - axes: Extents of the image, which the places of objects in a stack are understood by.
    ///   - t: The time point; objects of other planes are left out.
    ///   - z: The slice.
    /// - Throws: ``ImageFormatError`` if no object has an area, if an object lies outside of the image or on
    ///   a plane that it does not have, or if a mask does not fit.
    public func labels(
        _ axes: ImageAxes,
        t: Int = 0,
        z: Int = 0
    ) throws(ImageFormatError) -> LabelImage {
        let size = Size(width: axes.x, height: axes.y)
        guard size.width > 0, size.height > 0, size.fitsMemory() else {
            throw ImageFormatError(.tooLarge, path: file, "labels of \(size) pixels")
        }
        guard objects.contains(where: \.hasArea) else {
            throw invalid("no object in it has an area", "give outlines, boxes or masks")
        }
        var found: [(index: Int, area: Double)] = []
        var unused: Set<ObjectPlace> = []
        for (index, object) in objects.enumerated() where object.hasArea {
            let (place, rest) = try place(of: object, axes)
            if !rest.isEmpty { unused.insert(rest) }
            guard unused.count < 2 else {
                throw invalid(
                    "its objects lie on several planes, but the image has one",
                    "give the stack, or the objects of one plane"
                )
            }
            guard place.t ?? t == t, place.z ?? z == z else { continue }
            found.append((index, try area(of: object, in: size)))
        }
        let covered = found.reduce(0) { $0 + min($1.area, Double(size.count)) }
        guard covered <= Self.mostCovered * Double(size.count) else {
            throw Self.tooLarge(
                file,
                "its objects lie so much on each other that they cover the image more than "
                    + "\(Int(Self.mostCovered)) times",
                advice: "give objects that hardly overlap"
            )
        }
        found.sort { ($1.area, $0.index) < ($0.area, $1.index) }
        var labels = LabelImage(size: size)
        for (index, _) in found {
            let label = objects[index].number ?? UInt32(index + 1)
            try paint(objects[index], label, into: &labels)
        }
        return labels
    }

    /// Objects that cover the image more often are none that could be labels.
    private static let mostCovered = 100.0

    /// The extents of an image that holds all objects, for files that are compared without one.
    func extents() -> ImageAxes? {
        var axes = ImageAxes(y: imageSize?.height ?? 0, x: imageSize?.width ?? 0)
        for object in objects where object.hasArea {
            if let z = object.place.z { axes.z = max(axes.z, z + 1) }
            if let t = object.place.t { axes.t = max(axes.t, t + 1) }
            if let stack = object.place.stack { axes.z = max(axes.z, stack + 1) }
            guard imageSize == nil else { continue }
            if case .mask(let mask) = object.shape {
                axes.x = max(axes.x, mask.size.width)
                axes.y = max(axes.y, mask.size.height)
            } else if let box = object.bounds, box.maxX < 1e6, box.maxY < 1e6 {
                axes.x = max(axes.x, Int(box.maxX.rounded(.up)))
                axes.y = max(axes.y, Int(box.maxY.rounded(.up)))
            }
        }
        return axes.x > 0 && axes.y > 0 ? axes : nil
    }

    private func place(
        of object: OutlinedObject,
        _ axes: ImageAxes
    ) throws(ImageFormatError) -> (named: ObjectPlace, unused: ObjectPlace) {
        guard let place = object.place.named(on: axes) else {
            throw invalid(
                "\(object.origin) lies on a plane that the image does not have",
                "give the objects of this image, which has t \(axes.t), c \(axes.c), z \(axes.z)"
            )
        }
        return place
    }

    /// Roughly how large an object is, by which the order of painting is decided.
    private func area(
        of object: OutlinedObject,
        in size: Size
    ) throws(ImageFormatError) -> Double {
        if let box = object.bounds {
            let (width, height) = (Double(size.width), Double(size.height))
            guard box.maxX > 0, box.maxY > 0, box.minX < width, box.minY < height else {
                throw invalid(
                    "\(object.origin) lies outside the image of \(size) pixels",
                    "give the objects of this image, in pixels"
                )
            }
        }
        switch object.shape {
        case .points, .line: return 0
        case .rectangle(let box): return box.area
        case .oval(let box): return box.area * .pi / 4
        case .polygons(let polygons):
            return polygons.reduce(0) { sum, rings in
                let areas = rings.map { abs(ringArea($0)) }
                return sum + 2 * (areas.max() ?? 0) - areas.reduce(0, +)
            }
        case .mask(let mask):
            guard mask.size == size else {
                throw invalid(
                    "the mask of \(object.origin) has \(mask.size) pixels, but the image has \(size)",
                    "give the objects of this image"
                )
            }
            let counts = try counts(of: mask, object)
            return stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + Double(counts[$1]) }
        }
    }

    private func paint(
        _ object: OutlinedObject,
        _ label: UInt32,
        into labels: inout LabelImage
    ) throws(ImageFormatError) {
        func fill(_ mask: RunLengthMask) {
            for run in mask.runs {
                for pixel in run.start..<run.end { labels.labels[pixel] = label }
            }
        }
        let size = labels.size
        switch object.shape {
        case .points, .line: return
        case .rectangle(let box):
            let (x, y) = (Self.pixels(box.minX, box.maxX, size.width), box)
            for row in Self.pixels(y.minY, y.maxY, size.height) {
                for column in x { labels[x: column, y: row] = label }
            }
        case .oval(let box): fill(RunLengthMask(ellipseIn: box.fromPixelMiddle, size: size))
        case .polygons(let polygons):
            for rings in polygons {
                fill(
                    RunLengthMask(
                        filling: rings.map { $0.map(\.fromPixelMiddle) },
                        size: size
                    )
                )
            }
        case .mask(let mask):
            var position = 0
            for (index, count) in try counts(of: mask, object).enumerated() {
                if index % 2 == 1 {
                    for pixel in position..<position + count {
                        labels[x: pixel / size.height, y: pixel % size.height] = label
                    }
                }
                position += count
            }
        }
    }

    /// The pixels of a row whose middle lies between two edges.
    private static func pixels(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = max((low - 0.5).rounded(.up), 0)
        let end = min((high - 0.5).rounded(.up), Double(count))
        return first < end ? Int(first)..<Int(end) : 0..<0
    }

    private func counts(
        of mask: EncodedMask,
        _ object: OutlinedObject
    ) throws(ImageFormatError) -> [Int] {
        do throws(ImagingError) {
            let counts = try RunLengthMask.counts(ofCOCOString: mask.counts)
            try RunLengthMask.check(counts, mask.size)
            return counts
        } catch {
            throw invalid("the mask of \(object.origin) is damaged: \(error)", "export it again")
        }
    }

    private func invalid(_ problem: String, _ advice: String) -> ImageFormatError {
        ImageFormatError(.invalidPixels, path: file, problem, advice: advice)
    }
}
