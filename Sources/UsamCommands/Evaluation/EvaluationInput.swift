import Foundation
import ImageFormats
import Imaging

/// How images and their labels are read for an evaluation.
struct EvaluationInput: Hashable, Codable, Sendable {
    /// The data set inside image containers such as HDF5.
    var key: String?

    /// The data set inside label containers.
    var labelKey: String?

    /// The channel of images with several, from 0; nil to take three channels as colours.
    var channel: Int?

    /// Whether connected parts of annotated labels count as objects of their own.
    var splitsLabels = false

    /// Reads an image as the model expects it: three channels, stretched to 0...255.
    ///
    /// - Throws: ``CommandFailure`` or `ImageFormatError` that names the file.
    func image(_ file: String) throws -> Raster<UInt8> {
        let source = try ImageSource(
            opening: URL(filePath: file),
            options: .init(dataset: key)
        )
        let axes = source.description.axes
        guard axes.z == 1, axes.t == 1 else {
            throw CommandFailure(
                "\(file): the image has \(axes.t) time points and \(axes.z) slices; models are "
                    + "evaluated on single planes, so store these in files of their own"
            )
        }
        guard channel != nil || axes.c == 1 || axes.c == 3 else {
            throw CommandFailure(
                "\(file): the image has \(axes.c) channels; choose one with --channel"
            )
        }
        do {
            if channel == nil, axes.c == 3 {
                return try Raster(colors: (0..<3).map { try source.read(PlaneIndex(c: $0)) })
            }
            return try source.read(PlaneIndex(c: channel ?? 0)).normalizedRGB()
        } catch let error as ImagingError {
            throw CommandFailure("\(file): \(error)")
        }
    }

    /// Reads annotated or predicted labels, slice by slice.
    func volume(_ file: String, key: String?, isTruth: Bool) throws -> [LabelImage] {
        let source = try ImageSource(
            opening: URL(filePath: file),
            options: .init(colorConversion: .asStored, dataset: key)
        )
        let axes = source.description.axes
        guard axes.c == 1 else {
            throw CommandFailure("\(file): a label image has one channel, this has \(axes.c)")
        }
        var slices: [LabelImage] = []
        for t in 0..<axes.t {
            for z in 0..<axes.z { slices.append(try source.readLabels(PlaneIndex(t: t, z: z))) }
        }
        if isTruth, splitsLabels {
            guard slices.count == 1 else {
                throw CommandFailure(
                    "\(file): only labels of single planes can be split into connected parts"
                )
            }
            return slices.map { $0.splitIntoComponents(connectivity: .edgesAndCorners) }
        }
        return slices
    }

    /// Reads the annotated labels of an image of one plane.
    ///
    /// - Parameter size: Size of the image.
    /// - Throws: ``CommandFailure`` if the sizes differ.
    func truth(_ file: String, for image: String, size: Size) throws -> LabelImage {
        let slices = try volume(file, key: labelKey, isTruth: true)
        guard slices.count == 1, slices[0].size == size else {
            let depth = slices.count == 1 ? "" : " in \(slices.count) slices"
            throw CommandFailure(
                "\(file): the labels have \(slices[0].size) pixels\(depth), but the image "
                    + "\(image) has \(size); check that they belong together"
            )
        }
        return slices[0]
    }
}

extension Raster<UInt8> {
    /// Three planes as red, green and blue, each stretched to 0...255.
    fileprivate init(colors planes: [AnyRaster]) throws {
        let channels = try planes.map { try $0.normalizedRGB() }
        let size = channels[0].size
        var samples = [UInt8](repeating: 0, count: size.count * 3)
        for (index, channel) in channels.enumerated() {
            guard channel.size == size else {
                throw ImagingError.sizeMismatch("channel", expected: size, found: channel.size)
            }
            for pixel in 0..<size.count {
                samples[pixel * 3 + index] = channel.samples[pixel * 3]
            }
        }
        try self.init(size: size, channels: 3, samples: samples)
    }
}
